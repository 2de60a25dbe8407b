
"use strict";
const documents = document.getElementById("documents");
documents.addEventListener("click", (event) => {
  const view = event.target.closest("button[data-view]");
  if (view) {
    documents.dataset.view = view.dataset.view;
    for (const button of documents.querySelectorAll("button[data-view]")) {
      button.setAttribute("aria-pressed", String(button === view));
    }
  }
});
documents.addEventListener("mouseover", (event) => {
  const cell = event.target.closest("pre i");
  if (cell && !cell.title) {
    const text = cell.closest("pre");
    const at = Array.prototype.indexOf.call(text.querySelectorAll("i"), cell);
    const said = (values) => {
      const bits = values.split(" ")[at];
      return bits === "-" ? "left out" : bits + " bits per byte";
    };
    const bits = said(text.dataset.a);
    const ofCell = text.dataset.c ? bits + "; " + said(text.dataset.c) + " by the compared model" : bits;
    const span = cell.closest("pre span");
    cell.title = span ? ofCell + "\n" + span.title : ofCell;
  }
});
