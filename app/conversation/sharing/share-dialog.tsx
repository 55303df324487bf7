"use client";

import { Dialog } from "@base-ui/react/dialog";
import { UsersRound, X } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { messageOf, send } from "#app/components/send.ts";
import { button, dialogBackdrop } from "#app/components/styles.ts";
import type { ParticipantView, PersonView } from "#lib/domain.ts";
import { InviteForm } from "./invite-form.tsx";
import { Leave } from "./leave.tsx";
import { ShareLinks } from "./share-links.tsx";
import { SharedPerson } from "./shared-person.tsx";

export interface ShareDialogProps {
  conversationId: string;
  readerId: string;
  participants: ParticipantView[];
  /** Ids of those who have the conversation open. */
  here: Set<string>;
}

/** Who takes part and in which role, inviting, and links to join by. */
export function ShareDialog(props: ShareDialogProps) {
  const [open, setOpen] = useState(false);
  const isShared = props.participants.filter(({ kind }) => kind === "human").length > 1;
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className={button.quiet}>
        <UsersRound className="size-4" aria-hidden="true" />
        {isShared ? "People" : "Share"}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogBackdrop} />
        <Dialog.Popup className="popup fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[min(36rem,calc(100vw-1.5rem))] -translate-x-1/2 -translate-y-1/2 flex-col">
          <div className="flex items-start gap-3 border-line border-b py-3 pr-3 pl-5">
            <Dialog.Title className="flex-1 pt-1 font-semibold text-lg">Share this conversation</Dialog.Title>
            <Dialog.Close className={button.icon} aria-label="Close">
              <X className="size-5" aria-hidden="true" />
            </Dialog.Close>
          </div>
          {open && <Sharing {...props} />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Sharing({ conversationId, readerId, participants, here }: ShareDialogProps) {
  const [people, setPeople] = useState<PersonView[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const path = `/api/conversations/${encodeURIComponent(conversationId)}`;
  const role = participants.find(({ id }) => id === readerId)?.role ?? "reader";
  const mayInvite = role === "owner" || role === "writer";
  // Whoever removes or demotes somebody ends links with it: they are read again with the people.
  const membership = participants.map(({ id, role: their }) => `${id} ${their}`).join();

  const change = useCallback(async (work: () => Promise<{ people: PersonView[] }>): Promise<boolean> => {
    setProblem(null);
    try {
      setPeople((await work()).people);
      return true;
    } catch (error) {
      setProblem(messageOf(error));
      return false;
    }
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever takes part has changed, so they are read again
  useEffect(() => {
    void change(() => send("GET", `${path}/participants`));
  }, [change, path, membership]);

  return (
    <div className="grid min-h-40 content-start gap-5 overflow-y-auto px-5 py-4" aria-busy={people === null}>
      <p role="alert" className="rounded-md bg-danger-wash px-3 py-2 text-danger text-sm empty:hidden">
        {problem}
      </p>
      {mayInvite ? (
        <InviteForm
          conversationId={conversationId}
          onInvite={(email, given) => change(() => send("POST", `${path}/participants`, { email, role: given }))}
        />
      ) : (
        <p className="text-ink-soft text-sm">You may read this conversation. Its owner and those who may ask invite.</p>
      )}
      <section aria-labelledby="people-heading" className="grid gap-2">
        <h3 id="people-heading" className="label-caps">
          Who takes part
        </h3>
        {people === null && !problem && <p className="text-ink-soft text-sm">Reading who takes part …</p>}
        <ul className="grid gap-px">
          {people
            ?.filter(({ kind }) => kind === "human")
            .map((person) => (
              <SharedPerson
                key={person.id}
                person={person}
                isReader={person.id === readerId}
                isHere={here.has(person.id)}
                mayManage={role === "owner" && person.id !== readerId}
                onRole={(given) =>
                  change(() => send("PATCH", `${path}/participants/${encodeURIComponent(person.id)}`, { role: given }))
                }
                onRemove={() =>
                  change(async () => {
                    await send("DELETE", `${path}/participants/${encodeURIComponent(person.id)}`);
                    return send("GET", `${path}/participants`);
                  })
                }
              />
            ))}
        </ul>
      </section>
      {mayInvite && <ShareLinks path={path} membership={membership} />}
      <Leave path={`${path}/participants/${encodeURIComponent(readerId)}`} isOwner={role === "owner"} />
    </div>
  );
}
