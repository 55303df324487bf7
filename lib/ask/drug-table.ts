/**
 * Generic names of common drugs. They say which word is a drug's name although no searched document holds it, so that it
 * is never taken for a misspelling of another (hydroxyzine for hydralazine), and what a misspelt one may stand for.
 */
export const commonDrugs: ReadonlySet<string> = new Set(
  `abacavir abatacept abciximab abemaciclib abiraterone acarbose acebutolol acetaminophen acetazolamide acetylcysteine
  aciclovir acitretin acyclovir adalimumab adapalene adenosine adrenaline albendazole albuterol alendronate alfuzosin
  alirocumab aliskiren allopurinol almotriptan alogliptin alprazolam alprostadil alteplase amantadine ambrisentan amikacin
  amiloride aminophylline amiodarone amisulpride amitriptyline amlodipine amoxapine amoxicillin amphetamine amphotericin
  ampicillin anakinra anastrozole anidulafungin apixaban apremilast aprepitant argatroban aripiprazole asenapine aspirin
  atazanavir atenolol atezolizumab atomoxetine atorvastatin atovaquone atracurium atropine azacitidine azathioprine
  azilsartan azithromycin aztreonam baclofen baricitinib basiliximab beclometasone beclomethasone belimumab bempedoic
  benazepril bendamustine benralizumab benserazide benztropine benzylpenicillin betamethasone betaxolol bethanechol
  bevacizumab bezafibrate bicalutamide bimatoprost bisacodyl bisoprolol bivalirudin bleomycin bortezomib bosentan
  botulinum brexpiprazole brimonidine brivaracetam bromocriptine budesonide bumetanide bupivacaine buprenorphine
  bupropion buspirone busulfan cabergoline calcipotriol calcitonin calcitriol canagliflozin candesartan cangrelor
  capecitabine captopril carbamazepine carbidopa carbimazole carboplatin carboprost carfilzomib cariprazine carisoprodol
  carvedilol caspofungin cefaclor cefadroxil cefalexin cefazolin cefdinir cefepime cefixime cefotaxime cefotetan cefoxitin
  cefpodoxime cefprozil ceftaroline ceftazidime ceftriaxone cefuroxime celecoxib cephalexin certolizumab cetirizine
  cetuximab chlorambucil chloramphenicol chlordiazepoxide chlorhexidine chloroquine chlorothiazide chlorphenamine
  chlorpheniramine chlorpromazine chlorpropamide chlorthalidone chlortalidone cholecalciferol cholestyramine ciclesonide
  ciclosporin cidofovir cilostazol cimetidine cinacalcet cinnarizine ciprofloxacin cisatracurium cisplatin citalopram
  cladribine clarithromycin clemastine clindamycin clobazam clobetasol clofazimine clomifene clomiphene clomipramine
  clonazepam clonidine clopidogrel clorazepate clotrimazole clozapine cobicistat codeine colchicine colesevelam colestipol
  colestyramine colistin cortisone cotrimoxazole crizotinib cromolyn cyclizine cyclobenzaprine cyclopentolate
  cyclophosphamide cycloserine cyclosporine cyproheptadine cyproterone cytarabine dabigatran dabrafenib dacarbazine
  dactinomycin dalbavancin dalteparin danaparoid danazol dantrolene dapagliflozin dapsone daptomycin daratumumab
  darbepoetin darifenacin darunavir dasatinib daunorubicin deferasirox deferoxamine degarelix demeclocycline denosumab
  desipramine desloratadine desmopressin desogestrel desvenlafaxine dexamethasone dexmedetomidine dextroamphetamine
  dextromethorphan diazepam diazoxide diclofenac dicloxacillin dicyclomine didanosine diethylstilbestrol diflunisal
  digoxin dihydrocodeine dihydroergotamine diltiazem dimenhydrinate diphenhydramine diphenoxylate dipyridamole
  disopyramide disulfiram dobutamine docetaxel docusate dofetilide dolasetron dolutegravir domperidone donepezil dopamine
  doripenem dorzolamide dosulepin doxazosin doxepin doxorubicin doxycycline doxylamine dronedarone droperidol drospirenone
  dulaglutide duloxetine dupilumab dutasteride ecallantide eculizumab edaravone edoxaban efavirenz eletriptan eltrombopag
  empagliflozin emtricitabine enalapril enoxaparin entacapone entecavir enzalutamide ephedrine epinephrine epirubicin
  eplerenone epoetin epoprostenol eptifibatide erenumab ergocalciferol ergometrine ergotamine eribulin erlotinib ertapenem
  erythromycin erythropoietin escitalopram eslicarbazepine esmolol esomeprazole estradiol eszopiclone etanercept
  ethambutol ethinylestradiol ethionamide ethosuximide etidronate etodolac etomidate etonogestrel etoposide etoricoxib
  etravirine everolimus evolocumab exemestane exenatide ezetimibe famciclovir famotidine febuxostat felodipine fenofibrate
  fentanyl fesoterodine fexofenadine fidaxomicin filgrastim finasteride finerenone fingolimod flavoxate flecainide
  flucloxacillin fluconazole flucytosine fludarabine fludrocortisone flumazenil flunisolide fluocinolone fluorouracil
  fluoxetine fluphenazine flurazepam flurbiprofen flutamide fluticasone fluvastatin fluvoxamine fondaparinux formoterol
  fosamprenavir fosaprepitant foscarnet fosfomycin fosinopril fosphenytoin frovatriptan fulvestrant furosemide frusemide
  gabapentin galantamine galcanezumab ganciclovir gefitinib gemcitabine gemfibrozil gentamicin glatiramer glecaprevir
  glibenclamide gliclazide glimepiride glipizide glucagon glyburide glycopyrrolate golimumab goserelin granisetron
  griseofulvin guaifenesin guanfacine haloperidol heparin hydralazine hydrochlorothiazide hydrocodone hydrocortisone
  hydromorphone hydroxychloroquine hydroxycarbamide hydroxyurea hydroxyzine hyoscine ibandronate ibrutinib ibuprofen
  icatibant idarubicin idarucizumab ifosfamide iloperidone imatinib imipenem imipramine imiquimod indapamide indomethacin
  indometacin infliximab insulin interferon ipilimumab ipratropium irbesartan irinotecan isoniazid isoproterenol
  isosorbide isotretinoin isradipine itraconazole ivabradine ivacaftor ivermectin ixekizumab ketamine ketoconazole
  ketoprofen ketorolac ketotifen labetalol lacosamide lactulose lamivudine lamotrigine lanreotide lansoprazole lanthanum
  lapatinib latanoprost ledipasvir leflunomide lenalidomide lenvatinib letrozole leucovorin leuprolide levalbuterol
  levamisole levetiracetam levobupivacaine levocetirizine levodopa levofloxacin levomepromazine levonorgestrel
  levosimendan levothyroxine lidocaine lignocaine linaclotide linagliptin linezolid liothyronine liraglutide
  lisdexamfetamine lisinopril lithium lixisenatide lofepramine loperamide lopinavir loratadine lorazepam losartan
  lovastatin loxapine lubiprostone lurasidone macitentan magnesium mannitol maraviroc mebendazole mebeverine meclizine
  medroxyprogesterone mefenamic mefloquine megestrol meloxicam melphalan memantine meperidine mepivacaine mepolizumab
  mercaptopurine meropenem mesalamine mesalazine mesna metaxalone metformin methadone methazolamide methenamine
  methimazole methocarbamol methotrexate methoxsalen methyldopa methylergometrine methylnaltrexone methylphenidate
  methylprednisolone metoclopramide metolazone metoprolol metronidazole metyrapone mexiletine mianserin micafungin
  miconazole midazolam midodrine mifepristone miglitol milnacipran milrinone minocycline minoxidil mirabegron mirtazapine
  misoprostol mitomycin mitoxantrone modafinil moexipril mometasone montelukast morphine moxifloxacin moxonidine mupirocin
  mycophenolate nabumetone nadolol nafcillin nalbuphine nalidixic nalmefene naloxone naltrexone naproxen naratriptan
  natalizumab nateglinide nebivolol nefazodone nefopam nelfinavir neomycin neostigmine nevirapine niacin nicardipine
  nicorandil nicotine nifedipine nilotinib nilutamide nimodipine nintedanib nirmatrelvir nisoldipine nitazoxanide
  nitisinone nitrazepam nitrofurantoin nitroglycerin nitroprusside nivolumab nizatidine noradrenaline norepinephrine
  norethisterone norethindrone norfloxacin nortriptyline nystatin obinutuzumab ocrelizumab octreotide ofatumumab ofloxacin
  olanzapine olaparib olmesartan olodaterol olopatadine omalizumab omeprazole ondansetron oritavancin orlistat
  orphenadrine oseltamivir osimertinib oxacillin oxaliplatin oxandrolone oxaprozin oxazepam oxcarbazepine oxybutynin
  oxycodone oxymetazoline oxymorphone oxytocin paclitaxel palbociclib paliperidone palonosetron pamidronate pancuronium
  panitumumab pantoprazole papaverine paracetamol paricalcitol paroxetine patiromer pazopanib pegfilgrastim peginterferon
  pembrolizumab pemetrexed penicillamine penicillin pentamidine pentazocine pentobarbital pentoxifylline perampanel
  pericyazine perindopril permethrin perphenazine pethidine phenelzine phenobarbital phenobarbitone phenoxybenzamine
  phenoxymethylpenicillin phentermine phentolamine phenylephrine phenytoin physostigmine phytomenadione pilocarpine
  pimecrolimus pimozide pindolol pioglitazone piperacillin pirfenidone piroxicam pitavastatin pizotifen plerixafor
  polymyxin posaconazole pramipexole pramlintide prasugrel pravastatin praziquantel prazosin prednisolone prednisone
  pregabalin primaquine primidone probenecid procainamide procarbazine prochlorperazine procyclidine progesterone
  proguanil promethazine propafenone propantheline propofol propranolol propylthiouracil protamine protriptyline
  prucalopride pseudoephedrine pyrazinamide pyridostigmine pyridoxine pyrimethamine quetiapine quinapril quinidine quinine
  rabeprazole raloxifene raltegravir ramelteon ramipril ramucirumab ranibizumab ranitidine ranolazine rasagiline
  rasburicase reboxetine regorafenib remdesivir remifentanil repaglinide reslizumab reteplase ribavirin ribociclib
  rifabutin rifampicin rifampin rifapentine rifaximin rilpivirine riluzole riociguat risankizumab risedronate risperidone
  ritonavir rituximab rivaroxaban rivastigmine rizatriptan rocuronium roflumilast romiplostim romosozumab ropinirole
  ropivacaine rosiglitazone rosuvastatin rotigotine rufinamide ruxolitinib sacubitril salbutamol salmeterol saquinavir
  sarilumab saxagliptin secnidazole secukinumab selegiline selexipag semaglutide senna sertraline sevelamer sevoflurane
  sildenafil silodosin simethicone simvastatin sirolimus sitagliptin sofosbuvir solifenacin somatropin sorafenib sotalol
  spironolactone stavudine streptokinase streptomycin streptozocin succinylcholine sucralfate sufentanil sugammadex
  sulfadiazine sulfamethoxazole sulfasalazine sulindac sulpiride sumatriptan sunitinib suvorexant suxamethonium tacrolimus
  tadalafil tamoxifen tamsulosin tapentadol tedizolid teicoplanin telavancin telmisartan temazepam temozolomide
  tenecteplase tenofovir terazosin terbinafine terbutaline teriflunomide teriparatide terlipressin testosterone
  tetrabenazine tetracycline thalidomide theophylline thiamine thioguanine thiopental thioridazine thyroxine tiagabine
  ticagrelor ticlopidine tigecycline timolol tinidazole tinzaparin tiotropium tipranavir tirofiban tirzepatide tizanidine
  tobramycin tocilizumab tofacitinib tolbutamide tolcapone tolterodine tolvaptan topiramate topotecan torasemide torsemide
  tramadol trametinib trandolapril tranexamic tranylcypromine trastuzumab travoprost trazodone treprostinil tretinoin
  triamcinolone triamterene triazolam trifluoperazine trihexyphenidyl trimethoprim trimipramine tropicamide trospium
  ulipristal umeclidinium upadacitinib urokinase ursodiol ursodeoxycholic ustekinumab valaciclovir valacyclovir
  valbenazine valganciclovir valproate valsartan vancomycin vardenafil varenicline vecuronium vedolizumab vemurafenib
  venetoclax venlafaxine verapamil vericiguat vigabatrin vilanterol vilazodone vinblastine vincristine vindesine
  vinorelbine voriconazole vortioxetine warfarin zafirlukast zanamivir zidovudine zileuton ziprasidone zoledronic
  zolmitriptan zolpidem zonisamide zopiclone`
    .trim()
    .split(/\s+/),
);

/** One substance under its two official names, the international or British one and the American one. */
const pairs = `paracetamol acetaminophen|adrenaline epinephrine|noradrenaline norepinephrine|salbutamol albuterol|
  frusemide furosemide|lignocaine lidocaine|glibenclamide glyburide|pethidine meperidine|rifampicin rifampin|
  ciclosporin cyclosporine|aciclovir acyclovir|valaciclovir valacyclovir|beclometasone beclomethasone|
  thyroxine levothyroxine|suxamethonium succinylcholine|isoprenaline isoproterenol|phytomenadione phytonadione|
  mesalazine mesalamine|clomifene clomiphene|torasemide torsemide|chlortalidone chlorthalidone|
  chlorphenamine chlorpheniramine|colecalciferol cholecalciferol|ergometrine ergonovine|cefalexin cephalexin|
  hydroxycarbamide hydroxyurea|indometacin indomethacin|norethisterone norethindrone|phenobarbitone phenobarbital|
  orciprenaline metaproterenol|colestyramine cholestyramine|thiopentone thiopental|oestradiol estradiol|
  amoxycillin amoxicillin|dosulepin dothiepin|levosalbutamol levalbuterol|sulphasalazine sulfasalazine`
  .split("|")
  .map((pair) => pair.trim().split(" ") as [string, string]);

/** A drug's other official name, in lower case. */
export const otherOfficialName: ReadonlyMap<string, string> = new Map(
  pairs.flatMap(([left, right]) => [
    [left, right],
    [right, left],
  ]),
);
