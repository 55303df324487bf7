import type { Metadata } from "next";
import { viewerOrSignIn } from "#app/viewer.ts";
import { YourData } from "#app/your-data/your-data.tsx";
import { listOwnDataJobs } from "#lib/archive/index.ts";

export const metadata: Metadata = { title: "Your data" };

export default async function YourDataPage() {
  const { deps, viewer } = await viewerOrSignIn("/your-data");
  const jobs = await listOwnDataJobs(deps, viewer);
  return (
    <div className="mx-auto w-full max-w-[50rem] px-4 pt-8 pb-16 sm:px-8">
      <h1 className="font-semibold text-2xl tracking-tight">Your data</h1>
      <YourData initial={jobs} email={viewer.email} graceDays={deps.env.CONVERSATION_GRACE_DAYS} />
    </div>
  );
}
