"""Words of saying, denying, rank and time, by which `speaker` finds whose words a sentence gives."""

from __future__ import annotations

from dualtrack.articles.tokens import word_set

# Say something whatever follows.
SAYING = word_set(
    "say says said saying tell tells told announce announces announced claim claims claimed warn warns warned add "
    "adds added stress stresses stressed state states stated emphasise emphasises emphasised emphasize emphasizes "
    "emphasized insist insists insisted argue argues argued declare declares declared reiterate reiterates "
    "reiterated explain explains explained acknowledge acknowledges acknowledged admit admits admitted allege "
    "alleges alleged assert asserts asserted deny denies denied predict predicts predicted remark remarks "
    "remarked write writes wrote comment comments commented underline underlines underlined underscored conclude "
    "concludes concluded reaffirm reaffirms reaffirmed caution cautions cautioned recall recalls recalled "
    "reported reports pledge pledges pledged vow vows vowed estimates estimated suggests suggested accuse accuses "
    "accused accusing urge urges urged tweeted noted notes replied contends contended complained lamented boasted "
    "quipped opined summarised summarized counters countered"
)
# Say something if "that", a quotation or a comma follows, or if a report or poll is the subject.
MAYBE = word_set(
    "cited expressed convinced confident certain sure clear agreed agree signalled signaled promised reads read "
    "praised put considers hopes found finds find show shows showed reveal reveals revealed indicate indicates "
    "indicated confirm confirms confirmed believe believes believed think thinks thought reject rejects rejected "
    "dismiss dismisses dismissed describe describes described called calls identified identifies specified "
    "specifies listed lists chronicled chronicles mentioned hold holds maintain maintains maintained point points "
    "pointed demand demands demanded ask asks asked decided expects quoted criticised criticized condemned "
    "condemns refuted refutes lists ranked ranks puts warned thanked"
)
PAPERS = word_set(
    "report survey poll study statement document paper communique communiqué analysis article data figures "
    "release dossier assessment review bulletin yearbook factsheet update polls surveys reports notice book"
)
AUX = word_set(
    "has have had also later earlier repeatedly then already previously once again further recently often has "
    "since yesterday today now always never not did does do will would may could might must separately publicly "
    "explicitly consistently openly"
)
PRONOUNS = word_set(
    "he she it they we i you who which that this these those one some many others all both there what everyone nobody"
)
TITLES = word_set(
    "minister ministers president premier chancellor secretary general chief spokesman spokeswoman spokesperson "
    "chairman chairwoman chair head leader ambassador envoy representative director commander admiral colonel "
    "captain lieutenant major marshal senator congressman deputy foreign defence defense prime vice press mr mrs "
    "ms dr sir lord prof professor analyst expert researcher author federal councillor councilor king queen pope "
    "commissioner official adviser advisor aide officer diplomat lawmaker gen col lt adm capt brig sgt rear first "
    "permanent acting former interior executive fellow scholar historian journalist correspondent speaker leader "
    "mayor governor editor"
)
NAMELESS = word_set(
    "officials official experts expert analysts analyst diplomats critics observers sources source authorities "
    "leaders lawmakers spokesman spokeswoman spokesperson minister president respondents people others supporters "
    "opponents government military media ministry ministers army intelligence services forces agency agencies "
    "scholars side authors author participants allies members chief secretary commanders"
)
OFFICES = word_set("ministry department office council committee service staff command")
CLAUSE = word_set(
    "that as while when whereas although though because if and but where after before since which who whom than so"
)
PREPOSITIONS = word_set(
    "in on at after during following despite under by for from with within throughout amid speaking citing "
    "earlier of to"
)
CUT = word_set("the a an its his her their our former new")
PLAIN = word_set("said says told announced stated claimed claims warned")
REFUSING = word_set("deny denies denied reject rejects rejected refuted refutes dismissed dismisses")
DENYING = (
    "groundless", "baseless", "unfounded", "untrue", "false claim", "falsehood", "refuted", "refutes",
    "debunked", "contrary to", "this claim ignores", "is simply not true", "is not true",
    "are not true", "nothing of the sort", "never happened", "cannot legitimately", "is a lie", "are lies",
    "is a myth", "no basis in fact", "a denial of", "has no grounds", "without any basis", "is fake",
    "are fake", "absurd",
)  # fmt: skip
HEADLINE_VERBS = word_set("says warns tells announces accuses denies rejects urges vows")
TIMES = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december spring summer autumn winter early late"
)
NOT_NAMES = word_set(
    "media europe european western west currently recently additionally separately previously similarly i he she "
    "it they we you the a an this that these those in on at for but and as if when while after before however "
    "also meanwhile furthermore moreover earlier today yesterday besides still yet so according last experts "
    "officials analysts critics there here one some many both no not speaking citing"
)
# After "is": a view, if "that" follows.
PARTICIPLES = word_set("announced reported estimated alleged noted stated confirmed declared predicted")
BE = word_set("is are was were")
SURE = word_set("convinced confident certain sure clear")
# Nouns as often as verbs.
NOUNS_TOO = word_set(
    "reports claims states notes estimates state claim comments warns vow vows pledge comment estimated alleged stress"
)
# Stand before their subject after a quotation: '..., said Jane Roe'.
INVERTED = word_set("said says added wrote warned noted stressed argued claimed explained told insisted")
# Give a view if whoever holds it is named.
VIEWS = word_set("believe believes believed think thinks confirm confirms confirmed expects considers hopes")
SMALL = word_set("of for and in at")
