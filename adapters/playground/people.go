package playground

import (
	"strings"

	"heed/bot"
)

// heedAccount is Heed's own account in the playground.
const heedAccount = "heed"

// Person is somebody with an account in the playground.
type Person struct {
	Account string `json:"account"`
	Name    string `json:"name"`
	Title   string `json:"title"` // what they are at the company
	Zone    string `json:"-"`
	Guest   bool   `json:"guest,omitempty"` // a customer: sees community channels only
	Admin   bool   `json:"-"`
	Persona bool   `json:"persona,omitempty"` // the player can be them
}

// personas are the people whom a player can be.
func personas(zone string) []Person {
	return []Person{
		{Account: "rui", Name: "Rui", Title: "Customer", Zone: zone, Guest: true, Persona: true},
		{Account: "lena", Name: "Lena", Title: "Customer", Zone: zone, Guest: true, Persona: true},
		{Account: "ana", Name: "Ana", Title: "Product manager", Zone: zone, Persona: true},
		{Account: "ben", Name: "Ben", Title: "Product owner", Zone: zone, Persona: true},
		{Account: "zoe", Name: "Zoe", Title: "Admin", Zone: zone, Admin: true, Persona: true},
	}
}

// person finds who has an account.
func (a *Adapter) person(account string) (Person, bool) {
	for _, p := range a.people {
		if p.Account == account {
			return p, true
		}
	}
	return Person{}, false
}

// named finds a person by the name that others type after @, in any case.
func (a *Adapter) named(name string) (Person, bool) {
	for _, p := range a.people {
		if strings.EqualFold(p.Name, name) || strings.EqualFold(p.Account, name) {
			return p, true
		}
	}
	return Person{}, false
}

// seen is a person as the core is told of them.
func (p Person) seen() bot.MemberSeen {
	return bot.MemberSeen{Account: p.Account, Name: p.Name, Zone: p.Zone, Admin: p.Admin, Guest: p.Guest, Complete: true}
}
