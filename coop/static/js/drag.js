/* Dragging a shift to another day opens the form that moves its visit, with that day filled in: nothing moves unasked.
   Without this file, or with a keyboard, the same form is reached from the visit. */
document.querySelectorAll(".weekly [data-move]").forEach((slot) => {
  slot.draggable = true;
  slot.addEventListener("dragstart", (event) => {
    event.dataTransfer.setData("text/plain", slot.dataset.move);
    event.dataTransfer.effectAllowed = "move";
    slot.classList.add("dragged");
  });
  slot.addEventListener("dragend", () => slot.classList.remove("dragged"));
});

document.querySelectorAll(".weekly [data-day]").forEach((cell) => {
  cell.addEventListener("dragover", (event) => {
    event.preventDefault();
    cell.classList.add("over");
  });
  cell.addEventListener("dragleave", () => cell.classList.remove("over"));
  cell.addEventListener("drop", (event) => {
    event.preventDefault();
    cell.classList.remove("over");
    const form = event.dataTransfer.getData("text/plain");
    if (/^\/visits\/\d+\/time$/.test(form)) location.assign(`${form}?first=${cell.dataset.day}`);
  });
});
