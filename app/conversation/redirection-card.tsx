import { CircleQuestionMark, CircleSlash, type LucideIcon, Siren, UserRound } from "lucide-react";
import type { Redirection } from "#lib/domain.ts";
import { splitSentences } from "#lib/text/sentences.ts";

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
    text: "text-ink",
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

/** What to do now, a sentence a line and the first one large: it is read by somebody in distress. */
function Steps({ text }: { text: string }) {
  const [first, ...rest] = splitSentences(text).map(({ start, end }) => text.slice(start, end).trim());
  return (
    <div className="grid max-w-[65ch] gap-2 leading-relaxed">
      <p className="font-semibold text-[1.0625rem]">{first}</p>
      {rest.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  );
}

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
      {redirection.kind === "emergency" ? (
        <Steps text={redirection.text} />
      ) : (
        <p className={`max-w-[65ch] whitespace-pre-line leading-relaxed ${text}`}>{redirection.text}</p>
      )}
    </section>
  );
}
