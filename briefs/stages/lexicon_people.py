"""First names that nearly always tell a person's sex: common ones of many countries, chosen by hand; data only.

A name that both sexes bear is left out: it is better not to know than to give one person's words to another.
"""

from __future__ import annotations

from briefs.stages.lexicon import word_set

MALE_NAMES = word_set(
    "aaron adam adrian ahmed alan albert alejandro alex alexander ali andre andrew anthony antonio arthur"
    " barack ben benjamin bernard bernie bill billy bob bobby boris brad bradley brandon brian bruce bryan"
    " carl carlos charles chris christian christopher chuck clarence craig dan daniel dave david dean dennis"
    " diego dmitry don donald doug douglas dwight earl ed eddie edward elijah emmanuel eric erik ernest ethan"
    " eugene evan felix fernando francis francisco frank fred frederick gabriel gary gavin george gerald"
    " gordon graham greg gregory guy hans harold harry hassan henry herbert howard hugh hugo ian ibrahim"
    " isaac ivan jack jacob jake james jared jason jay jean-claude jeff jeffrey jeremy jerry jesse jim jimmy"
    " joe joel johan john johnny jonathan jorge jose joseph josh joshua juan justin karl keith ken kenneth"
    " kevin khalid kyle larry lars lawrence leo leon leonard liam logan louis lucas luis luke marc marco"
    " marcus mario mark martin matt matthew max michael miguel mike mitch mitt mohamed mohammad mohammed"
    " muhammad nathan neil newt nicholas nick nigel noah oliver omar oscar otto owen pablo patrick paul pedro"
    " pete peter phil philip phillip pierre rafael ralph ray raymond ricardo richard rick rob robert roberto"
    " rodney roger ron ronald ross roy rudy rupert russell ryan sam samuel scott sean sebastian sergei sergey"
    " simon stephen steve steven stuart ted terry theodore thomas tim timothy toby todd tom tomás tommy tony"
    " tyler vernon victor viktor vincent vladimir volodymyr walter warren wayne will william xavier yusuf"
    " zachary rashid mahmoud mustafa abdul hamid karim rahul rajesh sanjay arjun vikram amit narendra wei jun"
    " hiroshi kenji takeshi gunter jürgen jörg björn sven olaf stefan wolfgang klaus friedrich heinrich"
    " giovanni giuseppe luigi marcel jacques françois michel alain thierry laurent yves mikhail igor oleg"
    " nikolai yuri alexei aleksandr dmitri pavel piotr tomasz jaroslav anders nils henrik mikael jesper"
    " callum declan angus hamish malcolm kieran brendan dylan tobias paolo oskar arno esteban"
)
FEMALE_NAMES = word_set(
    "abigail adriana agnes aisha alexandra alice alicia alison allison amanda amber amelia amy ana andrea"
    " angela angelina anita ann anna anne annie april audrey barbara beatrice beatriz becky bernadette beth"
    " betty beverly brenda brittany camille carla carly carmen carol carolina caroline carolyn carrie"
    " catherine cathy celia charlotte chelsea cheryl chloe christina christine cindy claire clara claudia"
    " condoleezza connie crystal cynthia daisy danielle deborah debra denise diana diane dolores donna dora"
    " doris dorothy edith eileen elaine eleanor elena elisabeth elizabeth ella ellen emily emma erica erin"
    " esther eva evelyn fatima fiona florence frances francesca gabriela gail gemma geraldine gertrude gina"
    " gloria grace gretchen gwen hannah harriet heather heidi helen helena hilary hillary holly huma imogen"
    " ingrid irene isabel isabella ivanka jacqueline jane janet janice jasmine jean jeanne jen jennifer jenny"
    " jessica jill joan joanna joanne jocelyn josephine joy joyce judith judy julia julie june karen karin"
    " kate katherine kathleen kathryn kathy katie kayleigh kellyanne kelly kim kimberly kirsten kristen"
    " kristin laura lauren leila leslie lillian linda lisa liz lois loretta lori lorraine louise lucia"
    " lucille lucy lydia lynn madeleine madison marcia margaret maria marie marilyn marion marissa marjorie"
    " marlene marta martha mary maureen megan melania melanie melinda melissa mia michelle mildred miriam"
    " molly monica nadia nancy naomi natalie natasha nicole nina nora norma olga olivia paige pamela patricia"
    " paula pauline peggy penelope penny petra phyllis priya rachel rebecca regina renee rhonda rita roberta"
    " rosa rosalind rosalyn rosemary rosie ruth sabrina sally samantha sandra sara sarah shannon sharon"
    " sheila shelly sherry shirley silvia simone sofia sonia sophia sophie stacy stella stephanie sue susan"
    " susanne suzanne sylvia tamara tammy tania tara teresa theresa tiffany tina tracy ursula valerie vanessa"
    " vera veronica victoria virginia vivian wanda wendy yolanda yvonne zoe angelique aditi anjali deepa"
    " kavita lakshmi meera nirmala sunita zainab khadija layla mariam noor leïla mei xiu yuki akiko keiko"
    " astrid birgit ásta brigitte elke gudrun heike greta sigrid solveig éloïse amélie chantal nathalie"
    " nadège odile ekaterina irina ludmila oksana svetlana tatiana yulia agnieszka ewa katarzyna pilar inés"
    " elin"
)
