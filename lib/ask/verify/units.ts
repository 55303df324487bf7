/** Spellings of each unit that the number lock knows; two spellings of one unit are the same unit. */
const spellings: Record<string, string> = {
  "%": "%,percent,per cent,por ciento",
  pp: "percentage points,percentage point,percent points,puntos porcentuales",
  "‰": "‰",
  kg: "kg,kilogram,kilograms",
  g: "g,gram,grams,gramme,grammes",
  mg: "mg,mgs,milligram,milligrams,milligramo,milligramos,miligramo,miligramos",
  ug: "mcg,µg,μg,ug,microgram,micrograms,microgramo,microgramos",
  ng: "ng,nanogram,nanograms",
  pg: "pg,picogram,picograms",
  l: "l,litre,litres,liter,liters",
  dl: "dl,decilitre,deciliter",
  ml: "ml,millilitre,millilitres,milliliter,milliliters,cc",
  ul: "µl,μl,ul,microlitre,microlitres,microliter,microliters",
  fl: "fl",
  mol: "mol",
  mmol: "mmol,mmols,millimole,millimoles",
  umol: "µmol,μmol,umol,micromol,micromoles",
  nmol: "nmol,nanomol,nanomoles",
  pmol: "pmol,picomol,picomoles",
  meq: "meq",
  mosm: "mosm",
  unit: "iu,unit,units,u,international unit,international units,ui",
  mu: "mu",
  miu: "miu,milliunit,milliunits",
  mmhg: "mmhg,mm hg",
  kpa: "kpa",
  cmh2o: "cmh2o,cm h2o",
  kcal: "kcal,kilocalories",
  kj: "kj",
  j: "j,joules",
  gy: "gy",
  ms: "ms,millisecond,milliseconds",
  s: "s,sec,secs,second,seconds",
  min: "min,mins,minute,minutes,minutos",
  h: "h,hr,hrs,hour,hours,hourly,hora,horas",
  day: "d,day,days,día,días,dia,dias",
  week: "wk,wks,week,weeks,semana,semanas",
  month: "month,months,mes,meses",
  year: "yr,yrs,year,years,año,años",
  m2: "m2,m²",
  cm: "cm,centimetre,centimetres,centimeter,centimeters",
  mm: "mm,millimetre,millimetres,millimeter,millimeters",
  "°c": "°c,degrees celsius",
  "°f": "°f,degrees fahrenheit",
  bpm: "bpm,beats per minute",
  breath: "breaths per minute",
  fold: "fold",
  time: "time,times,vez,veces",
  tablet: "tablet,tablets,comprimido,comprimidos,tableta,tabletas",
  capsule: "capsule,capsules,cápsula,cápsulas",
  puff: "puff,puffs",
  drop: "drop,drops,gota,gotas",
  dose: "dose,doses,dosis",
  cell: "cell,cells",
  copy: "copies",
  lb: "lb,lbs,pound,pounds",
  oz: "oz,ounce,ounces",
  inch: "inch,inches",
  mm3: "mm3,mm³",
  cm2: "cm2,cm²",
};

const canonical = new Map(
  Object.entries(spellings).flatMap(([unit, written]) => written.split(",").map((spelling) => [spelling, unit])),
);

/** Units that prose leaves out without changing what a number says: "65 or older", "below 130/80". */
const mayBeUnsaid = new Set(
  "s min h day week month year mmhg bpm breath °c °f time tablet capsule puff drop dose cell copy cm mm".split(" "),
);

/** A pattern's alternatives, the longest spelling first. */
export const unitPattern = [...canonical.keys()]
  .sort((left, right) => right.length - left.length)
  .map((spelling) => spelling.replaceAll(" ", "\\s+"))
  .join("|");

/** The unit of a spelling, whatever its case and white space. */
export function unitOf(written: string): string {
  const spelling = written.toLowerCase().replace(/\s+/g, " ");
  return canonical.get(spelling) ?? spelling;
}

/** Whether a number that was said without a unit may stand on one that has this unit. */
export function isOftenUnsaid(unit: string): boolean {
  return mayBeUnsaid.has(unit);
}
