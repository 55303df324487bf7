"use client";

import { useState } from "react";
import type { SourceType } from "#lib/domain.ts";
import type { SourceFieldsProps } from "./source-fields.tsx";
import { kindsFor, type OfferedKind, requestOf } from "./source-kinds.ts";

/** The state of a source's form. */
export function useSource(sourceType: SourceType): { fields: SourceFieldsProps; request: () => unknown } {
  const kinds = kindsFor(sourceType);
  const [kind, setKind] = useState<OfferedKind>(kinds[0] as OfferedKind);
  const [values, setValues] = useState<Record<string, string>>({});
  return {
    fields: {
      kinds,
      kind,
      values,
      onKind: setKind,
      onValue: (name, value) => setValues((before) => ({ ...before, [name]: value })),
    },
    request: () => requestOf(kind, values),
  };
}
