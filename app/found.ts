import { notFound } from "next/navigation";
import { NotFoundError } from "#lib/errors.ts";

/** The value, or the page that says there is none. Any other error stays one. */
export async function found<Value>(value: Promise<Value>): Promise<Value> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof NotFoundError) notFound();
    throw error;
  }
}
