import { CircleQuestionMark, CircleSlash, type LucideIcon, Siren, UserRound } from "lucide-react";
import type { Redirection } from "#lib/domain.ts";

interface Look {
  /** What the card is, whatever its words. */
  kind: string;
  icon: LucideIcon;
  frame: string;
  accent: string;
  text: string;
}

const quiet = {
  frame: "border border-line-strong/60 bg-panel",
  accent: "text-ink-soft",
  text: "text-ink-soft text-sm",
};
const looks: Record<Redirection["kind"], Look> = {
  emergency: {
    kind: "Emergency",
    icon: Siren,
    frame: "border-2 border-danger bg-danger-wash",
    accent: "text-danger",
    text: "text-ink text-[1.0625rem]",
  },
  personal: {
    kind: "About a person",
    icon: UserRound,
    frame: "border border-accent/50 bg-accent-wash/60",
    accent: "text-accent-strong",
    text: "text-ink text-sm",
  },
  not_medical: { kind: "Outside medicine", icon: CircleSlash, ...quiet },
  unclear: { kind: "Not clear", icon: CircleQuestionMark, ...quiet },
};

/** Said instead of an answer to a question that no passage should answer; an emergency first of all says what to do. */
export function RedirectionCard({ redirection }: { redirection: Redirection }) {
  const { kind, icon: Icon, frame, accent, text } = looks[redirection.kind];
  return (
    <section
      aria-label={`Instead of an answer: ${kind}`}
      className={`grid max-w-[44rem] gap-2 rounded-lg p-4 ${frame}`}
    >
      <p className={`flex items-center gap-2 font-semibold text-xs ${accent}`}>
        <Icon className="size-5 shrink-0" aria-hidden="true" />
        {kind}
      </p>
      <h3 className={`font-semibold leading-snug ${redirection.kind === "emergency" ? "text-xl" : "text-base"}`}>
        {redirection.title}
      </h3>
      <p className={`max-w-[65ch] whitespace-pre-line leading-relaxed ${text}`}>{redirection.text}</p>
    </section>
  );
}
