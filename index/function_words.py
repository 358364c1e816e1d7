"""Words that ask or join but name no subject: Standard Arabic, four dialect groups, English and French."""

from __future__ import annotations

from corpus.arabic import fold

# Left out although they are function words: those whose folded spelling also names a thing. "دول" is
# Egyptian for these and standard for states, "زعما" folds like leaders, "امام" like imam, "الام" like mother.

_STANDARD = """
من في على إلى عن مع عند لدى منذ مذ حتى خلال عبر ضد نحو بين دون بدون سوى غير إلا لولا حول وفق حسب رغم قبل
بعد فوق تحت وراء خلف ضمن داخل مثل إثر لأجل بشأن عليه عليها عليهم إليه إليها إليهم فيه فيها فيهم منه منها
منهم عنه عنها عنهم به بها بهم له لها لهم لنا لك لكم لي معه معها معهم بينهم بينها بينهما لديه لديها لديهم
عنده عندها و ف ثم أو أم أما بل لكن لكنه لكنها إن أن إنه إنها أنه أنها بأن بأنه بأنها لأن لأنه لأنها كأن
لعل ليت إذا إذ لو كي لكي هو هي هم هن هما أنا أنت أنتم نحن هذا هذه هذان هذين هاتان هاتين هؤلاء ذلك تلك
أولئك هنا هناك هنالك كذلك أيضا ذاك الذي التي الذين اللذان اللذين اللتان اللتين اللاتي اللواتي ذات ذو ذي
بعض كل كلا كلتا جميع أي أية أيها أيهما كافة ما ماذا متى أين كيف كم لماذا لم بكم بماذا لمن ممن عمن هل
ماهو ماهي فيم فيما مما عما بما كما لما عندما بينما حينما كلما حيثما إنما ربما طالما حيث حين بعدما قبلما
مهما كيفما أينما كان كانت كانوا كانا كانتا كن يكون تكون يكونون ليكون لتكون كنت ليس ليست ليسوا لا لن قد
لقد سوف يمكن يجب ينبغي تم يتم تتم جرى يجري أصبح أصبحت صار مازال مازالت لازال يزال تزال يوجد توجد لاسيما
فقط جدا نفس نفسه نفسها ذاته ذاتها آخر أخرى الآن إياه نعم يا أيتها
""".split()

_MOROCCAN = """
شنو شنوا شنهو شنهي شنوهو شنوهي شنوما أشنو اشنو آش أش اش اشنهو واش واشنو شكون شكونو فين فاين منين لفين
حتفين فوقاش فوقتاش وقتاش إمتى ايمتى شحال بشحال فشحال اشحال علاش لاش لماش كيفاش كفاش كيفاه بكيفاش باش
بشنو فشنو لشنو معامن ديالمن لمن ديال ديالو ديالها ديالهم ديالنا ديالك ديالكم ديالي نتاع تاع متاع د دي
هاد هادا هاذ هادي هادو هادوك هداك هديك داك ديك دوك هادشي هادشى داكشي اللي لي الي كاين كاينة كاينين كانو
كان كيكون كتكون كيكونو غادي غاد غا راه راها راهم راني هوما حنا نتا نتي نتوما مللي ملي فاش حيت حيتاش بحال
بحالش ولا ولكن غير بزاف دابا تما هنا هنايا واحد شي شوية عند عندو عندها عندهم فيه فيها بلا بلاما حتى باقي
مازال ماشي مكاينش ماكاينش مكانش وخا تاني
""".split()

_EGYPTIAN = """
إيه ايه ايش مين فين منين إمتى امتى ليه إزاي ازاي ازيك كام بكام أنهي انهي انهو أنهو اللي ده دي دا كده كدا
بتاع بتاعة بتاعت بتوع عشان علشان مش مفيش مافيش فيه عايز لسه دلوقتي برضه برضو زي أوي اوي بس هو هي هما
احنا إحنا انتو كمان خالص ديه
""".split()

_LEVANTINE_GULF = """
شو شوهي شوهو وين لوين منوين مين إيمتى ايمتى أيمتى ايمت ليش كيف شلون شنو شنهي قديش أديش اديش كديش قداش
هيدا هيدي هاي هاد هادا هيك هدول هذول هديك هداك تبعت تبعه مشان منشان لحتى لسا هلق هلا عم راح كتير شنهو
ايش إيش وش ويش وشو وشهو وشهي منو منهو منهي شكو چم كم متى عشان علشان مو مب ليه يلي شكد شقد شگد هسه هسة
هاذا هاذي ذا ذي وايد أكو اكو ماكو
""".split()

_ENGLISH = """
a an the this that these those of in on at by for from to into with within without about as between
during than then there here who whom whose which what when where why how many much is are was were be
been being am do does did done has have had having will would can could shall should may might must not
no nor and or but if so it its he she they them his her their him we our you your i my me also any some
such each other another over under after before since until while because s t tell name give according
""".split()

_FRENCH = """
le la les l un une des du de d au aux en dans sur sous par pour avec sans chez vers entre et ou où mais
donc or ni car que qu qui quoi dont quand comment combien pourquoi quel quelle quels quelles lequel
laquelle lesquels lesquelles est sont était étaient être été fut furent a ont avait avaient avoir eu il
elle ils elles on nous vous je tu me te se s ce c cet cette ces cela ça son sa ses leur leurs notre
votre mon ma mes ne n pas plus moins y si comme aussi lors lorsque pendant depuis selon j m t
""".split()


# What "and" and "so" would make of them is another word: guardian, governor, understanding, illusion, actual.
_OTHER_WORDS = {"ولي", "والي", "فهم", "وهم", "فعلي", "فلكي"}


def _with_joined(words: list[str]) -> set[str]:
    """Return the folded words, alone and with the "and" and "so" that Arabic writes onto the next word."""
    folded = {fold(word) for word in words}
    joined = {joint + word for word in folded for joint in ("و", "ف") if len(word) > 1}
    return folded | joined - _OTHER_WORDS


FUNCTION_WORDS: frozenset[str] = frozenset(
    _with_joined([*_STANDARD, *_MOROCCAN, *_EGYPTIAN, *_LEVANTINE_GULF])
    | {fold(word) for word in [*_ENGLISH, *_FRENCH]}
)
"""Folded function and question words; what is left of a question without them names its subject."""
