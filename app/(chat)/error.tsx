"use client";

export { PageFailure as default } from "#app/components/page-failure.tsx";
