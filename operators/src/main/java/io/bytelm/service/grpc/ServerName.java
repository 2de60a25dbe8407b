package io.bytelm.service.grpc;

/**
 * What to call a server in front of people.
 *
 * @param version of the program
 * @param model the model's name
 */
public record ServerName(String version, String model) {}
