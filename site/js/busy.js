// A button that waits for an answer says so, and is itself again afterwards.
export async function busy(button, work) {
  const label = [...button.childNodes];
  button.setAttribute("aria-busy", "true");
  button.replaceChildren("Un instant…");
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-busy");
    button.replaceChildren(...label);
  }
}
