"use client";

import { useEffect } from "react";

/** Brings the marked quote into view and gives it the focus, unless the address leads to another place. */
export function ShowQuote() {
  useEffect(() => {
    const { hash } = window.location;
    if (hash !== "" && hash !== "#quote") return;
    const quote = document.getElementById("quote");
    quote?.scrollIntoView({ block: "center" });
    quote?.focus({ preventScroll: true });
  }, []);
  return null;
}
