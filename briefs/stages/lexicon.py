"""Word lists for names, roles and descriptions: data only, and where each comes from.

All were put together by hand. Titles and ranks follow the style guides of the Associated Press and the Guardian; role
nouns began with the major groups of the ISCO-08 classification of occupations, with offices of government, courts, clubs
and companies added; countries follow ISO 3166 in the short forms that newspapers use, with the states and cities that
headlines use for governments. All words are lower case unless they are names. First names are in `lexicon_people`.
"""

from __future__ import annotations


def word_set(text: str, *, between: str | None = None) -> frozenset[str]:
    """Return the words of a list, which white space parts, or `between`.

    >>> sorted(word_set("b a")), sorted(word_set("New York|Rome", between="|"))
    (['a', 'b'], ['New York', 'Rome'])
    """
    return frozenset(text.split(between))


# Before a name, no part of it and no role either.
HONORIFICS_MALE = word_set("mr sir lord baron mister")
HONORIFICS_FEMALE = word_set("mrs ms miss lady dame madam mme mlle baroness")
HONORIFICS = HONORIFICS_MALE | HONORIFICS_FEMALE | word_set("dr mx prof hon the")

# Before a name, a role in itself, with the stop that the abbreviation has.
SHORT_TITLES = word_set(
    "gov del lt sen rep gen col maj capt cmdr cpl sgt adm pvt det insp supt rev msgr pres atty amb sens reps"
    " govs lts brig cllr"
)
# The nouns that a title in front of a name is called back with.
TITLE_NOUNS = {
    "gov": "governor",
    "sen": "senator lawmaker",
    "rep": "representative congressman congresswoman lawmaker",
    "senator": "lawmaker",
    "representative": "lawmaker",
    "congressman": "lawmaker",
    "congresswoman": "lawmaker",
    "mp": "lawmaker",
    "gen": "general",
    "lt": "lieutenant",
    "col": "colonel",
    "capt": "captain",
    "sgt": "sergeant",
    "maj": "major",
    "adm": "admiral",
    "det": "detective",
    "rev": "reverend pastor",
    "pres": "president",
    "prof": "professor",
    "justice": "judge",
    "pm": "minister",
    "ceo": "executive chief boss",
    "executive": "ceo boss",
    "attorney": "lawyer",
    "lawyer": "attorney",
    "councillor": "councilman councilwoman",
    "chair": "chairman chairwoman",
}
# Titles of those who may be of one sex only.
MALE_ROLES = word_set(
    "king prince duke emperor father brother sheikh spokesman chairman congressman businessman policeman"
    " actor waiter councilman assemblyman salesman fisherman fireman cameraman midfielder anchorman landlord"
    " monk priest pope imam"
)
FEMALE_ROLES = word_set(
    "queen princess duchess empress sister nun spokeswoman chairwoman congresswoman businesswoman policewoman"
    " actress waitress councilwoman assemblywoman midwife anchorwoman landlady"
)

# Nouns for what a person is or does: heads of roles.
ROLES = word_set(
    "administrator adviser advisor advocate agent aide ambassador analyst anchor anthropologist archaeologist"
    " archbishop architect artist assistant associate astronaut astronomer athlete attorney auditor author"
    " baker banker barrister biochemist biologist bishop blogger boss botanist boxer broadcaster broker"
    " builder businessman businesswoman buyer candidate captain cardinal carpenter ceo cfo chair chairman"
    " chairperson chairwoman champion chancellor chemist chief cio clerk climatologist coach co-author"
    " co-chair co-director co-founder co-leader co-owner columnist comedian commander commentator"
    " commissioner composer comptroller conductor congressman congresswoman constable consul consultant"
    " contractor coo coordinator co-ordinator coroner correspondent councillor councilman councilor"
    " councilwoman counsel counsellor counselor counterpart creator cto curator dealer dean defender"
    " defendant delegate dentist deputy designer detective developer dictator diplomat director doctor driver"
    " ecologist economist editor educator electrician emeritus engineer entrepreneur envoy epidemiologist"
    " evangelist executive expert farmer fellow filmmaker firefighter fisherman forecaster forward founder"
    " gardener general geneticist geographer geologist goalkeeper golfer governor grower guard head historian"
    " host hydrologist hygienist illustrator imam immunologist inspector instructor interpreter inventor"
    " investigator investor journalist judge justice king laureate lawmaker lawyer leader lecturer legislator"
    " librarian lieutenant linguist lobbyist magistrate major manager marshal mathematician mayor mechanic"
    " mediator member meteorologist midfielder midwife minister ministers missionary moderator musician"
    " negotiator nominee neurologist neuroscientist novelist nurse oceanographer officer official oncologist"
    " ombudsman operator organiser organizer owner painter paleontologist paramedic partner pastor"
    " pathologist pediatrician paediatrician performer pharmacist philosopher photographer physician"
    " physicist physiologist pilot planner player playwright plumber poet policeman policewoman politician"
    " pollster pope premier president pm presenter priest prime-minister principal producer professor"
    " programmer prosecutor provost psychiatrist psychologist publisher queen rabbi ranger rector referee"
    " reporter representative researcher retiree reverend sailor scholar scientist screenwriter secretary"
    " senator sergeant sheikh sheriff shopkeeper signaller singer skipper sociologist solicitor songwriter"
    " specialist speaker spokesman spokesperson spokeswoman statistician strategist striker student"
    " substitute superintendent supervisor surgeon surveyor teacher technician theologian toxicologist trader"
    " trainer translator treasurer trustee tutor umpire undersecretary veteran veterinarian vet"
    " vice-president viceroy violinist virologist volunteer waiter waitress warden whistleblower winemaker"
    " worker writer zoologist"
) | word_set(
    "actor actress activist billionaire campaigner chef dancer defenceman defender centre-half center"
    " centre-back full-back fullback quarterback pitcher batsman bowler winger goaltender rapper drummer"
    " guitarist dj musician model prince princess duke duchess sultan emir emperor empress sultana pensioner"
    " homeowner landlord landlady hairdresser cleaner cook barber tailor miner electrician plaintiff suspect"
    " gunman convict inmate rebel warlord commander-in-chief commodore brigadier colonel corporal admiral"
    " rear-admiral vice-admiral cadet ensign private bookseller cellist pianist sculptor youtuber influencer"
    " vlogger podcaster streamer gamer cyclist runner swimmer skier skater sprinter rower wrestler jockey"
    " surfer climber mountaineer chancellor undersecretary whip mp mep msp"
)
# Words that a role in front of a name may begin with, in lower case.
ROLE_MODIFIERS = word_set(
    "acting assistant associate attorney artistic chief co deputy district executive first former fellow"
    " finance foreign general interim incoming outgoing ex joint junior lead longtime long-time managing"
    " national new owner permanent political press prime principal private public regional retired senior"
    " then-president state sporting technical team the vice veteran health home defence defense interior"
    " justice trade transport treasury science education energy environment campaign creative financial"
    " operating marketing technology information medical scientific editorial head opposition party"
    " republican democratic conservative liberal labour federal county city local police fire union human"
    " rights business community club outside then independent presidential supreme high circuit"
)
# What relatives and people at large are called: they name nobody's role.
MALE_KIN = word_set(
    "father brother son husband uncle nephew grandfather grandson stepfather boyfriend widower fiance man boy"
)
FEMALE_KIN = word_set(
    "mother sister daughter wife aunt niece grandmother granddaughter stepmother girlfriend widow fiancee woman girl"
)
KIN = (
    MALE_KIN
    | FEMALE_KIN
    | word_set(
        "parent child cousin sibling spouse partner friend colleague neighbor neighbour resident person victim"
        " survivor one passenger patient customer teenager native citizen local people voter counterpart twin"
    )
)
SPOKES = word_set(
    "spokesman spokeswoman spokesperson spokespeople spokesmen spokespersons spokeswomen representative"
    " representatives speaker-for"
)
# People who speak for the body that they are named after.
STAFF = word_set(
    "official officials officer officers executive executives authorities prosecutors researchers scientists"
    " forecasters investigators regulators staff management leadership board counsel administration office"
    " lawyers economists analysts statisticians inspectors ministers ministry government organisers"
    " organizers bosses team delegation press-office headquarters directors trustees managers authors experts"
)
# People who stand outside the body that they are named after.
OUTSIDERS = word_set(
    "rival rivals critic critics opponent opponents resident residents customer customers client clients"
    " supporter supporters fan fans voter voters competitor competitors neighbour neighbours neighbor"
    " neighbors victim victims investor investors user users worker workers employee employees shareholder"
    " shareholders ally allies friend friends student students passenger passengers patient patients member"
    " members activists protesters source sources person people lawyer attorney lawyers attorneys fisherman"
    " fishermen farmer farmers"
)
# Texts and acts that say what the body behind them says.
DOCUMENTS = word_set(
    "account analysis announcement audit bulletin data document documents estimate estimates figures filing"
    " filings forecast forecasts inquiry investigation letter memo minutes notice numbers page paper poll"
    " post press-release prices projections posting report reports review release ruling statement statements"
    " statistics study survey tweet tweets update website research findings email emails note plan plans"
    " lawsuit complaint indictment message blog decision order verdict opinion transcript testimony speech"
    " remarks interview column"
)

# Heads of descriptions of organizations in three families: what is one of the first is not one of the others.
COMPANY_NOUNS = word_set(
    "company firm startup start-up manufacturer maker carmaker automaker chipmaker drugmaker retailer"
    " provider developer operator supplier airline bank lender publisher broadcaster business corporation"
    " conglomerate giant brewer insurer owner producer chain brand platform contractor builder employer"
    " utility exchange unicorn plaintiff subsidiary group consultancy network carrier brokerage studio"
)
AGENCY_NOUNS = word_set(
    "agency regulator authority ministry department commission board bureau council court parliament"
    " committee watchdog panel administration service directorate inspectorate tribunal government senate"
    " legislature assembly office police force army military pentagon cabinet congress chamber"
)
GROUP_NOUNS = word_set(
    "group organization organisation charity union federation association alliance party coalition club team"
    " institute institution university college school hospital foundation society league museum church"
    " think-tank nonprofit non-profit body guild cooperative co-operative newspaper magazine paper daily"
    " campaign trust fund movement militia network centre center clinic laboratory lab library side squad"
    " band orchestra theatre theater faction trade-group publication outlet broadcaster newsroom"
    " journal"
)
ORG_NOUNS = COMPANY_NOUNS | AGENCY_NOUNS | GROUP_NOUNS
PLACE_NOUNS = word_set(
    "country nation state republic kingdom city town village island province region county capital district"
    " territory municipality suburb neighborhood neighbourhood port strait river sea bay lake mountain valley"
    " peninsula archipelago"
)
# Words in a name that show what it names.
ORG_NAME_WORDS = ORG_NOUNS | word_set(
    "inc corp co ltd llc plc gmbh ag sa nv holdings bros partners ventures capital securities industries"
    " systems technologies laboratories labs enterprises energy airlines airways motors pharmaceuticals"
    " therapeutics united rovers fc afc academy accord bank banks trust times post journal tribune herald"
    " gazette guardian news press media radio tv television records studios services solutions agency"
    " research materials rail railways railway water terminals electric foods health insurance mutual"
    " software networks computing robotics works hospital college university universität université"
    " universidad observatory archive archives democrats republicans conservatives greens nations congress"
    " parliament treasury department ministry"
)
# Words at the end of a name that stand for its owner: never for another's short form.
PLACE_NAME_WORDS = word_set(
    "county island islands river sea bay lake mountain mountains strait gulf valley street avenue road square"
    " airport beach park hill bridge north south east west coast ocean desert forest hills creek canal"
    " province"
)
COMPANY_SUFFIXES = word_set("inc corp co ltd llc plc gmbh ag sa nv lp llp pty spa ab")
# First words of names that are too common to stand for the whole.
COMMON_FIRST_WORDS = word_set(
    "national federal international american european united royal new general first central northern"
    " southern eastern western north south east west great world global state supreme high department"
    " ministry university bank house council party association institute committee public social democratic"
    " republican people civic local free saint st independent office british french german chinese russian"
    " indian japanese australian canadian african asian green blue black white red open home young old big"
    " city county community union guild federation children"
)
# Words with which sentences of news begin and which are no names, though they stand alone with a capital there; roles
# ("experts", "officials") are none anyway.
SENTENCE_STARTS = word_set(
    "asked told pressed questioned speaking writing quoted reached contacted citing referring rumours rumors reports"
    " sources critics supporters opponents residents witnesses observers protesters rescuers neighbours neighbors"
    " talks plans figures shares prices parents"
)
EVENT_WORDS = word_set(
    "cup war games olympics day festival prize award awards act bill treaty agreement accords summit"
    " championship championships conference eve christmas easter ramadan series tournament election elections"
    " prix oscars grammys debate show podcast attack attacks hurricane storm typhoon protocol amendment"
    " revolution holocaust convention movement affordable"
)

COUNTRIES = word_set(
    "Afghanistan|Albania|Algeria|Andorra|Angola|Argentina|Armenia|Australia|Austria|Azerbaijan|Bahrain"
    "|Bangladesh|Belarus|Belgium|Belize|Benin|Bhutan|Bolivia|Bosnia|Botswana|Brazil|Britain|Brunei|Bulgaria"
    "|Burkina Faso|Burundi|Cambodia|Cameroon|Canada|Chad|Chile|China|Colombia|Congo|Costa Rica|Croatia|Cuba"
    "|Cyprus|Czech Republic|Denmark|Djibouti|Dominican Republic|East Timor|Ecuador|Egypt|El Salvador|England"
    "|Eritrea|Estonia|Ethiopia|European Union|Fiji|Finland|France|Gabon|Gambia|Georgia|Germany|Ghana|Greece"
    "|Guatemala|Guinea|Guyana|Haiti|Honduras|Hong Kong|Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland"
    "|Israel|Italy|Ivory Coast|Jamaica|Japan|Jordan|Kazakhstan|Kenya|Kosovo|Kuwait|Kyrgyzstan|Laos|Latvia"
    "|Lebanon|Lesotho|Liberia|Libya|Liechtenstein|Lithuania|Luxembourg|Macedonia|Madagascar|Malawi|Malaysia"
    "|Maldives|Mali|Malta|Mauritania|Mauritius|Mexico|Moldova|Monaco|Mongolia|Montenegro|Morocco|Mozambique"
    "|Myanmar|Namibia|Nepal|Netherlands|New Zealand|Nicaragua|Niger|Nigeria|North Korea|Northern Ireland"
    "|Norway|Oman|Pakistan|Palestine|Panama|Papua New Guinea|Paraguay|Peru|Philippines|Poland|Portugal|Qatar"
    "|Romania|Russia|Rwanda|Saudi Arabia|Scotland|Senegal|Serbia|Sierra Leone|Singapore|Slovakia|Slovenia"
    "|Somalia|South Africa|South Korea|South Sudan|Soviet Union|Spain|Sri Lanka|Sudan|Suriname|Sweden"
    "|Switzerland|Syria|Taiwan|Tajikistan|Tanzania|Thailand|Togo|Tonga|Tunisia|Turkey|Turkmenistan|Uganda"
    "|Ukraine|United Arab Emirates|United Kingdom|United States|United States of America|Uruguay|Uzbekistan"
    "|Vatican|Venezuela|Vietnam|Wales|Yemen|Zambia|Zimbabwe|U.S.|US|U.K.|UK|USA|U.S.A.|America|Europe|Africa"
    "|Asia|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Hawaii|Idaho"
    "|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota"
    "|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York"
    "|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota"
    "|Tennessee|Texas|Utah|Vermont|Virginia|West Virginia|Wisconsin|Wyoming|London|Paris|Berlin|Moscow|Beijing"
    "|Brussels|Tokyo|Delhi|New Delhi|Los Angeles|Chicago|Boston|Philadelphia|Wall Street|Washington D.C."
    "|Washington, D.C.|D.C.|New York City|N.Y.|N.J.|N.C.|S.C.|R.I.|N.H.|N.M.|N.D.|S.D.|W.Va.",
    between="|",
)
# Bodies that go by one word, or by a building.
ORG_SINGLE = word_set(
    "congress|senate|parliament|kremlin|pentagon|nato|un|eu|fbi|cia|nsa|white house|supreme court|capitol"
    "|downing street|twitter|facebook|google|youtube|instagram|hamas|hezbollah|taliban|isis|al-qaida|al qaeda"
    "|xinhua|reuters|bloomberg|afp|upi|bbc|cnn|nbc|cbs|msnbc|politico|yonhap|tass|interfax|al jazeera"
    "|fifa|uefa|opec",
    between="|",
)
# Adjectives of nations that the endings of NATIONALITY_ENDINGS miss.
NATIONALITIES = word_set(
    "american british french german dutch greek polish russian swedish turkish danish finnish irish scottish"
    " welsh english spanish chinese japanese portuguese israeli iraqi pakistani saudi thai swiss czech afghan"
    " european african asian latin arab muslim jewish christian catholic sunni shia shiite kurdish hispanic"
    " latino democrat republican democrats republicans democratic conservative liberal labour victorian"
    " western eastern southern northern americans europeans christians muslims jews catholics africans asians"
    " hispanics latinos arabs palestinians islamic"
)
# Which places an adjective means where its ending does not tell.
IRREGULAR_ADJECTIVES = {
    "american": "united states|u.s.|us|america|usa",
    "u.s": "united states",
    "british": "britain|united kingdom|u.k.|uk|great britain",
    "french": "france",
    "dutch": "netherlands",
    "spanish": "spain",
    "greek": "greece",
    "swiss": "switzerland",
    "danish": "denmark",
    "polish": "poland",
    "finnish": "finland",
    "irish": "ireland",
    "welsh": "wales",
    "czech": "czech republic",
    "afghan": "afghanistan",
    "turkish": "turkey",
    "thai": "thailand",
    "norwegian": "norway",
    "belgian": "belgium",
    "portuguese": "portugal",
    "argentine": "argentina",
    "filipino": "philippines",
    "kurdish": "kurdistan",
    "european": "european union|eu",
}
CALENDAR = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july"
    " august september october november december christmas easter ramadan today yesterday tomorrow"
)

# Verbs that stand before another, in the form that they have there.
AUXILIARIES = word_set(
    "is was are were be been has have had does do did will would can could may might must should shall"
)

# What a place does when it stands for its government or its team: finite verbs that no mere place is the subject of.
ACTION_VERBS = word_set(
    "said says told held made took takes gave gives went won lost sent sends put seized sought seeks bought"
    " sold struck shut cut let led left began begins withdrew chose drew met spent broke fought fights built"
    " wants plans accuses agrees refuses rejects denies hopes insists considers expects opposes supports"
    " backs warns threatens claims vows pledges demands calls urges believes sees knows tries needs beat"
    " beats swept pays paid"
)
NO_ACTION = word_set("named called located based situated known used born populated needed flooded surrounded visited")
