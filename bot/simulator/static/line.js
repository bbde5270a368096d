// The line to Pandu: sends in order, listens, and says when it breaks and when it is back.

const FIRST_WAIT = 1000; // milliseconds until the first new attempt; doubled up to LONGEST_WAIT
const LONGEST_WAIT = 8000;
const ANSWER_LIMIT = 45000; // the server gives up after 30 s by itself

/** The server was reached and did not take the message. `message` is Indonesian. */
export class Refused extends Error {}

/** The message is stored, its answer will come by the stream. `slow`: the server waited for it in vain. */
export class Later extends Error {
  constructor(slow) {
    super();
    this.slow = slow;
  }
}

/** The server was not reached. */
export class Broken extends Error {}

async function call(url, options = {}) {
  let response;
  try {
    response = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_LIMIT), ...options });
    if (response.ok) return await response.json();
  } catch (error) {
    throw new Broken(error.message);
  }
  if (response.status === 504) throw new Later(true);
  if (response.status === 409) throw new Later(false); // a repeated message: the first one had arrived
  if (response.status === 502 || response.status === 503) throw new Broken(response.statusText);
  const answer = await response.json().catch(() => ({}));
  const detail = typeof answer.detail === "string" ? answer.detail : "";
  throw new Refused(detail || `Pesan tidak diterima (${response.status}).`);
}

/**
 * @param {string} conversation
 * @param {{history: Function, message: Function, owner: Function, up: Function, down: Function}} on
 *   `history` gets {messages, owner} each time the line comes up, before `up`.
 */
export function openLine(conversation, on) {
  const base = `/api/simulator/${encodeURIComponent(conversation)}`;
  let stream = null;
  let timer = 0;
  let wait = FIRST_WAIT;
  let closed = false;

  function connect() {
    clearTimeout(timer);
    stream?.close();
    const mine = new EventSource(`${base}/stream`);
    stream = mine;
    mine.addEventListener("message", (event) => on.message(JSON.parse(event.data)));
    mine.addEventListener("owner", (event) => on.owner(JSON.parse(event.data).owner));
    mine.addEventListener("error", () => mine === stream && broke());
    mine.addEventListener("open", async () => {
      // Listening first and asking afterwards leaves no gap; what comes twice is recognised by its id.
      try {
        const history = await call(`${base}/messages`);
        if (closed || mine !== stream) return;
        wait = FIRST_WAIT;
        on.history(history);
        on.up();
      } catch {
        if (mine === stream) broke();
      }
    });
  }

  function broke() {
    if (closed) return;
    stream?.close();
    stream = null;
    clearTimeout(timer);
    timer = setTimeout(connect, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
    on.down();
  }

  connect();
  return {
    /** Resolves to {replies, understood, owner}; rejects with Refused, Later or Broken. */
    send: (body) =>
      call(`${base}/messages`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    broke,
    retry() {
      wait = FIRST_WAIT;
      connect();
    },
    close() {
      closed = true;
      clearTimeout(timer);
      stream?.close();
      stream = null;
    },
  };
}
