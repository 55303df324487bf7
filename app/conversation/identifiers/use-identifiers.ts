"use client";

import { useEffect, useMemo, useState } from "react";
import { send } from "#app/components/send.ts";
import {
  type FoundIdentifier,
  findIdentifiers,
  type IdentifierPolicy,
  type Redacted,
  replaceIdentifiers,
} from "#lib/phi/index.ts";
import { cleanText } from "#lib/text/clean.ts";

/** Milliseconds without a key before what was typed is looked through. */
const pause = 250;

export interface TypedIdentifiers {
  policy: IdentifierPolicy;
  /** The text that was looked through. */
  text: string;
  /** In the text's order. */
  found: FoundIdentifier[];
  /** Of what was found, what will be replaced. */
  replaced: FoundIdentifier[];
  /** The text as it will be sent. */
  sent: Redacted;
  /** Found texts that the person says are none. */
  notIdentifiers: string[];
  /** Takes a found text for none, or for one again. */
  toggle: (text: string) => void;
}

let policyRead: Promise<IdentifierPolicy> | undefined;

/** The tenant's; asked for once a page. What cannot be read is taken for the default. */
function readPolicy(): Promise<IdentifierPolicy> {
  policyRead ??= send<{ policy: IdentifierPolicy }>("GET", "/api/identifier-policy")
    .then(({ policy }) => policy)
    .catch(() => {
      policyRead = undefined;
      return "redact";
    });
  return policyRead;
}

/** Looks for patient identifiers in what is being typed. The server decides; this only shows it beforehand. */
export function useIdentifiers(typed: string): TypedIdentifiers {
  const [policy, setPolicy] = useState<IdentifierPolicy>("redact");
  const [text, setText] = useState("");
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());

  useEffect(() => {
    let isShown = true;
    void readPolicy().then((read) => isShown && setPolicy(read));
    return () => {
      isShown = false;
    };
  }, []);
  useEffect(() => {
    const timer = window.setTimeout(() => setText(cleanText(typed)), typed === "" ? 0 : pause);
    return () => window.clearTimeout(timer);
  }, [typed]);

  return useMemo(() => {
    const found = findIdentifiers(text);
    const isLeft = ({ start, end }: FoundIdentifier) => policy === "warn" && left.has(text.slice(start, end));
    const replaced = found.filter((one) => !isLeft(one));
    return {
      policy,
      text,
      found,
      replaced,
      sent: replaceIdentifiers(text, replaced),
      notIdentifiers: found.filter(isLeft).map(({ start, end }) => text.slice(start, end)),
      toggle: (one) => setLeft((before) => before.symmetricDifference(new Set([one]))),
    };
  }, [policy, text, left]);
}
