export { NothingHere as default } from "#app/components/nothing-here.tsx";
