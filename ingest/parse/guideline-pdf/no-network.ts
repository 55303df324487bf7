/** Takes from this process what could reach the network by a name that any module finds. */
export function refuseNetwork(): void {
  const refuse = () => {
    throw new Error("a process that reads PDFs does not use the network");
  };
  Object.assign(globalThis, { fetch: refuse, WebSocket: refuse, XMLHttpRequest: refuse, EventSource: refuse });
}
