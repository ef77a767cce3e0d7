"""The phrases by which furniture is known: a regular expression a line, an indented line goes on with the one before.

Forms: `whole` is all of a line; `mark` opens furniture and nothing else; `open` opens furniture, but may open a
sentence; `end` closes it. Case counts in `end` alone. NAME stands for a capitalised word.

Sources: the sign-offs, slugs and notes of AP, Reuters, AFP and Xinhua copy, and what sites print between paragraphs.
"""

from __future__ import annotations

from briefs.schema import FurnitureKind

PHRASES: dict[FurnitureKind, dict[str, str]] = {
    "link": {
        "whole": r"""
            read (?:more|on|the rest|the full (?:story|article|report|transcript|text))(?: (?:here|below|at \S+
                |of .{1,40}))*[ .:…»>]*
            (?:see|watch|learn|find out) more(?: here| below)?[ .:…»>]*
            continue reading.{0,40}
            click here.{0,60}
            share and comment.{0,20}
            back to top
            skip to .{1,30}
            load more.{0,20}
            (?:re)?share(?: on \w+)?
            share this(?: (?:article|story|page|post|on .{1,40}))?
            print
            e-?mail
            tweet
            save
            copy link
            (?:\d+|view|leave a|no|show)? ?comments?
            video player close
            close
            play video
            listen to this article.{0,20}
            unmute
            mute
            (?:slideshow|gallery|photos|images)(?: \(\d+ (?:images|photos|pictures)\))?
            view gallery.{0,20}
            \d+ photos?
            (?:most (?:read|popular|viewed|shared)|related|recommended|more)(?: (?:stories|articles|coverage
                |content|topics|links|news|on this story|reading))?:?
            \(?(?:[\w'’ ,-]{0,60}[:–—-] ?)?(?:https?://)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S+\)?
            https?://\S+
            www\.\S+
            (?:like|follow) (?:us|me|our page|the page)\b.{0,40}
            \[?\d+:\d+\.?\]?
        """,
        "mark": r"""
            (?:read|see) (?:more|also|next)(?: on (?:this|the) .{1,30})?\s*[:|»>]
            more on this(?: story)?\s*[:|»>]
            also read\s*[:|»>]
            related(?: (?:stories|story|articles?|coverage|content|links?|reading))?\s*[:|»>]
            further reading\s*[:|»>]
            (?:don[’']t miss|recommended(?: reading)?|in case you missed it|icymi|must read|editor[’']s picks?
                |listen|see also)\s*[:|»>]
            (?:sign up|subscribe)(?: here| now| today| free)*(?: (?:for|to|and get))? (?:the|our|your|my|his|her
                |their|all) .{0,60}\b(?:newsletters?|briefings?|alerts?|e-?mails?|updates|podcasts?|channel)\b
            \(?(?:for|to (?:view|see)|view)(?: an?| the| our)? .{0,20}(?:graphics?|photo essay|full story
                |interactive|map)\b.{0,120}\bclick\b
            sign up to (?:get|receive) .{0,60}\b(?:newsletters?|briefings?|alerts?|e-?mails?|updates|inbox)\b
            [\"“(]?follow .{2,60} on (?:twitter|facebook|instagram|x|threads|bluesky|linkedin|tiktok)\b
            [\"“(]?follow @\w
            \(?subscribe to .{2,40} on (?:itunes|apple|spotify|youtube)
            download (?:our|the) .{0,30}\bapp\b
            <[^>]{0,300}>$
        """,
        "open": r"""
            sign up (?:for|to|here|now|today)\b
            subscribe (?:to|now|today|here)\b
            follow (?:us|@\w)
            join (?:us on|our)\b
            (?:watch|video|live|podcast|more|opinion|analysis|explainer|gallery|in pictures|also|read|explore
                |next|graphic)\s*[:|»>] ?\S
            read (?:more|our|the (?:full|original|rest))\b
            click (?:here|on)\b
            for more (?:on|information|news|stories)\b
            more (?:from|on)\b
            (?:do you|want to|want more) .{1,60}\?
            enter your e-?mail
            like (?:us|the page)
            send (?:tips|your)
        """,
    },
    "advertisement": {
        "whole": r"""
            advertise(?:ment)?s?(?: continue(?:s)? (?:reading )?below)?
            sponsored(?: content| by .{2,40})?
            promoted(?: content)?
            ad
            ads
            paid (?:post|content|advertisement|partnership)
            (?:story|article|content) continues (?:below|after) .{0,30}
            (?:story|article) continues
            continue reading the main story
            scroll (?:down )?(?:to|for) (?:continue|more).{0,20}
            skip advertisement
            remove ads
            advertisement\W+(?:scroll|continue|story|article|skip) .{0,40}
        """,
    },
    "caption": {
        "mark": r"""
            \(?(?:file (?:photo|image|pic|picture)|(?:photo|image|picture|video)s?(?: (?:credit|by|courtesy
                |source|caption))?|credits?|captions?|illustration|pictured|above|below)\s*[:|] ?\S
            \((?:photo|image|picture|illustration|graphic|courtesy|file photo|handout)s?\b
            \(?(?:ap|afp) photo\b
            reuters/
            \(?xinhua/
            \(?getty images?\b
        """,
        "whole": r"""
            \(?(?:photo|image|picture|photograph|illustration|graphic)s?(?: (?:by|courtesy of|courtesy|via|from
                |credit))? NAME(?:[ /,-]+(?:NAME|for|the|of|via|and))*\)?\.?
            (?:NAME ?){1,4}(?:/(?:NAME ?){1,4}){1,3}\.?
            .{2,60}/(?-i:File Photo|Handout|Pool)\.?
            .{0,60}via (?:ap|reuters|afp|getty images)\.?
            getty(?: images)?\.?
            associated press\.?
            getty/\w+\.?
        """,
        "open": r"""
            (?:photo|image|picture|illustration)s? (?:by|courtesy of|via)\b
            (?:above|left|right|below|top)\s*[:,]
        """,
        "end": r"""
            [.”\"’'!?)] ?\((?i:photo|image|picture|illustration|graphic|courtesy|file|handout)s?\b[^()]{0,80}\)\.?
            \((?:NAME[ -]?){2,4}(?:/(?:NAME ?){1,5}){1,3}\)\.?
            \((?:AP|AFP|EPA|PA|REUTERS|Reuters|Xinhua|Getty Images|AAP)(?: Photo)?/[^()]{2,60}\)\.?
            (?<=[.!?)”\"] )(?:REUTERS|AP Photo|AFP PHOTO|AFP|EPA|Reuters)/\S[^.]{1,60}\.?
            /\s?[Ff]ile [Pp]hoto\.?
            \([Ff]ile(?: [Pp]hoto)?\)\.?
            \bvia (?:REUTERS|Reuters|AP|AFP|Getty Images)\.?
            (?<=[.”\"’'!?)]) (?i:photo|image|picture|photograph|illustration|credit)(?i: credit| courtesy
                | by)?\s?: ?NAME[^.!?]{0,60}\.?
            (?<=[.”\"’'!?)]) (?:via )?(?:Getty Images|REUTERS|AP Photo|AFP PHOTO)\.?
        """,
    },
    "note": {
        "mark": r"""
            [(\[*]*(?:editors?[’']?s?[’']? note|ed(?:itor)?[’']s note|publisher[’']s note|note to (?:readers
                |editors)|author[’']s note|ednotes?\b|eds:)
            [(\[*]*(?:corrections?|clarification|disclosure|disclaimer|content warning|trigger warning
                |reader advisory)(?: \([^)]{1,30}\)|,? [a-z]{3,9}\.? \d{1,2}(?:, \d{4})?)?\s*:
            [(\[*]*this report has been (?:corrected|updated|amended)
            [(\[*]*this (?:article|story|post|piece|copy|dispatch|column) (?:(?:first|originally) appeared|(?:was
                |has been|is|will be|had been) (?:(?:first|originally|also|last|being|since
                |since been) )?(?:correct|updat|amend|edit|publish|(?:produced|written|reported|supported
                |funded) (?:by|in|with|from)|translat|part of|refil|generat|republish|clarif|adapted|a developing
                |based on|from the|provided by|for your))
            [(\[*]*(?:an earlier|a previous|the original|earlier) (?:version|headline
                |edition)s? of this (?:article|story|report|post|piece|headline|column)
            \(?(?:the|this)(?: [\w .]{1,20})? story corrects
            \(?this version of the (?:story|article)\b
            [(\[*]*this is a (?:developing|breaking)(?: news)? story
            [(\[*]*(?:the|this) story (?:is|has been|was) (?:refiled|corrected|updated)
            \((?:corrects|adds|updates|refiles|recasts|removes|fixes|clarifies|rewrites|repeats|changes
                |for a (?:graphic|related)|this (?:article|story|version|item))\b
            \(?(?:US)?[$€£]?1 ?(?:[\w.]+ ){0,3}(?:=|equals?\b)
        """,
        "open": r"""
            (?:update|updated|note|it was|as published)\s*:?
            (?:this|the) (?:article|story|report|post|piece)\b
        """,
        "whole": r"""
            correction appended\.?
            full text\.?
            abstract\.?
            this story is developing.{0,60}
            more to (?:come|follow)\.?
            developing(?: story)?\.*
        """,
    },
    "sign_off": {
        "mark": r"""
            [(\[—–-]*\s*(?:(?:additional|further|original|with) )?(?:reporting|writing|editing|compiled
                |compilation|contributing|contributors?)(?:,? (?:and |& )?(?:writing|editing|reporting
                |photography|additional reporting))*(?: by|:)(?: the)? NAME
            (?:to contact|contact|reach) (?:the )?(?:writer|reporter|author|editor)s?\b
            \(?e-?mail\s*: ?\S+@
            \(?contact\s*: ?\S+@
        """,
        "end": r"""
            contributed (?:to (?:this|the) (?:report|story|article|piece)|(?:to )?(?:additional )?reporting
                |research)(?: (?:for|to) this \w+)?(?: from [^.]{1,60})?\.?\)?
            E-?mail ?: ?\S+@\S+
        """,
        "whole": r"""
            [(\[—–-]*\s*with (?:assistance|reporting|files|contributions|help|inputs?
                |additional reporting) (?:from|by) (?:the )?NAME(?:[ ,;]+(?:NAME|and|in|of|at|the))*\.?\)?
            NAME(?:(?:, | and |, and )NAME)* reported from NAME(?: NAME)*\.?
            ends?\.?
            -?30-?
            #+
            \(?end(?:s|item)?\)?
            \S+@\S+\.\w+
            \(?with agency inputs\)?
            \(?agencies\)?
        """,
    },
    "copyright": {
        "mark": r"""
            ©
            \(c\) ?(?:copyright )?(?:19|20)\d\d
            copyright (?:©|\(c\)|(?:19|20)\d\d)
            this material may not be
            all rights reserved
        """,
        "end": r"""
            all rights reserved\.?
        """,
    },
    "publisher": {
        "mark": r"""
            \(?sources?\s*: ?\S
            (?:originally|first) (?:published|appeared) (?:by|in|on|at)\b
            republished (?:from|with)\b
        """,
        "whole": r"""
            \(?h/t .{2,40}
        """,
    },
    "tags": {
        "mark": r"""
            (?:tags|topics|filed under|keywords)\s*:
        """,
    },
}
