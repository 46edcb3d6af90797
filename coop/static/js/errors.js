// A form came back with something to put right: bring the reader there, also who hears the page.
document.querySelector(".form-errors[tabindex]")?.focus();
