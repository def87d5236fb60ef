package statement

import "strings"

// gender is what a name or a title tells about whom "he" or "she" may mean.
type gender uint8

const (
	male gender = iota + 1
	female
)

var genderWords = map[string]gender{
	"he": male, "she": female, "mr": male, "sir": male, "lord": male, "king": male, "prince": male, "spokesman": male, "chairman": male, "congressman": male,
	"father": male, "brother": male, "husband": male, "son": male, "man": male, "imam": male, "sheikh": male, "pope": male,
	"businessman": male, "policeman": male, "mrs": female, "ms": female, "miss": female, "dame": female, "lady": female,
	"queen": female, "princess": female, "spokeswoman": female, "chairwoman": female, "congresswoman": female, "mother": female,
	"sister": female, "wife": female, "daughter": female, "woman": female, "businesswoman": female, "actress": female,
}

var maleNames = wordSet(`james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark
	donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric
	jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander raymond patrick jack dennis jerry tyler
	aaron jose adam henry nathan douglas zachary peter kyle walter ethan jeremy harold keith christian roger noah gerald terry sean
	austin carl arthur lawrence dylan jesse jordan bryan billy joe bruce gabriel logan albert willie alan juan wayne roy ralph
	randy eugene vincent russell louis philip bobby johnny bradley jens sergei sergey vladimir dmitry dmitri ivan igor oleg yuri
	mikhail nikolai alexei aleksandr volodymyr oleksandr oleksiy andriy petro viktor pavel boris emmanuel olaf boris antony
	mohammed muhammad mohamed ahmed ali hassan hussein omar ibrahim mustafa yusuf recep abdul karim khalid nikita ilya luca
	joran halvar bram ivo lars sven erik nils olaf hans karl jan piotr marek tomasz lukas josef mike bob bill tom jim tim ted ben
	dan steve jeff greg chris matt rick rob ron ken kim xi li wang bernie barack marco mitt newt rand rudy lindsey chuck harry
	gennady anatoly valery denis kirill leonid konstantin stanislav roman maxim ruslan ramzan dominic rishi keir josep charles
	tobias stefan martin felix anton emil otto gustav fritz klaus jurgen wolfgang helmut dieter pierre jacques francois michel
	luis carlos miguel pedro diego javier fernando antonio mario giuseppe giovanni paolo matteo marko goran milan dragan zoran`)

var femaleNames = wordSet(`mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra
	ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen amy
	angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel carolyn janet catherine maria
	heather diane ruth julie olivia joyce virginia victoria kelly lauren christina joan evelyn judith megan andrea cheryl hannah
	jacqueline martha gloria teresa ann sara madison frances kathryn janice jean abigail alice julia judy sophia grace denise
	amber doris marilyn danielle beverly isabella theresa diana natalie brittany charlotte marie kayla alexis lori ilse oda mirrin
	annik wenna ursula annalena angela liz theresa sanna mette kaja kamala hillary elena olga svetlana irina natalia tatiana
	ekaterina yulia oksana anastasia ksenia polina daria marine ingrid astrid sigrid greta heidi birgit agnes edith ellen esther
	fatima aisha leila layla zeinab noor amina mariam huda condoleezza megyn nikki carly elisabeth kellyanne ivanka melania jill
	jane anne kate claire eva lena nina vera zoe chloe lucy rosa carmen ana lucia sofia beatrice giulia`)

// guessGender reads the gender off a given name or a Slavic surname.
func guessGender(words []string) gender {
	first, last := words[0], words[len(words)-1]
	switch {
	case len(words) < 2:
	case femaleNames[first]:
		return female
	case maleNames[first]:
		return male
	}
	for _, end := range []string{"ova", "eva", "ina", "skaya", "ska", "aya"} {
		if len(last) > len(end)+2 && strings.HasSuffix(last, end) {
			return female
		}
	}
	return 0
}
