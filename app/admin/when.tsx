"use client";

import { useEffect, useState } from "react";
import { useHydrated } from "#app/components/use-hydrated.ts";
import { formatAway, formatMoment } from "./figures.ts";

/** A time as how far it is from now, exact on hovering. The server, which knows no reader's clock, writes it in UTC. */
export function When({ at }: { at: string }) {
  const isHydrated = useHydrated();
  const now = useNow(30_000);
  const time = new Date(at);
  return (
    <time dateTime={at} title={isHydrated ? formatMoment(time) : undefined} className="whitespace-nowrap">
      {isHydrated ? formatAway(time, now) : formatMoment(time, "UTC")}
    </time>
  );
}

/** A time of the clock, in the reader's own zone once it is known. */
export function Moment({ at }: { at: string }) {
  const isHydrated = useHydrated();
  const time = new Date(at);
  return <time dateTime={at}>{isHydrated ? formatMoment(time) : formatMoment(time, "UTC")}</time>;
}

/** Now, looked at again every so many milliseconds; not while `isStill`. */
export function useNow(every: number, isStill = false): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    if (isStill) return;
    const timer = setInterval(() => setNow(new Date()), every);
    return () => clearInterval(timer);
  }, [every, isStill]);
  return now;
}
