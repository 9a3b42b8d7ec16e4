/** Who is here, and who is writing; the latter is never read out. */

const WRITING_MS = 5000;
const TELL_MS = 3000;

/**
 * @param {import("socket.io-client").Socket} socket
 * @param {HTMLElement} page the thread
 * @param {number} threadId
 * @returns {{present: (handles: string[]) => void, wrote: (handle: string) => void}}
 */
export function presence(socket, page, threadId) {
  const here = page.querySelector("[data-present]");
  const line = page.querySelector("[data-typing]");
  const writing = new Map();
  const show = () => { line.textContent = sentence([...writing.keys()]); };
  const stop = (handle) => {
    clearTimeout(writing.get(handle));
    writing.delete(handle);
    show();
  };
  const present = (handles) => {
    here.hidden = handles.length === 0;
    here.textContent = `Here now: ${handles.join(", ")}`;
  };
  socket.on("thread:present", (said) => said.thread_id === threadId && present(said.present));
  socket.on("thread:typing", ({ thread_id: thread, handle }) => {
    if (thread !== threadId) return;
    clearTimeout(writing.get(handle));
    writing.set(handle, setTimeout(stop, WRITING_MS, handle));
    show();
  });
  return { present, wrote: stop };
}

/** Tell the others, now and then, that something is being written here. */
export function tellTyping(socket, field, threadId) {
  let last = 0;
  field.addEventListener("input", () => {
    if (!field.value.trim() || Date.now() - last < TELL_MS || !socket.connected) return;
    last = Date.now();
    socket.emit("thread:typing", { thread_id: threadId });
  });
}

function sentence(handles) {
  if (handles.length === 0) return "";
  if (handles.length === 1) return `${handles[0]} is writing…`;
  if (handles.length === 2) return `${handles[0]} and ${handles[1]} are writing…`;
  return "Several people are writing…";
}
