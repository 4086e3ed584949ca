package main

import (
	"strings"

	"heed/adapters/playground"
)

// Who votes on the demo's board besides the personas: customers of Acme, and a few
// of its people.
const (
	demoCustomers = "Ines Jonas Priya Tomas Aiko Noor Felix Carla Dmitri Yara Hugo Sanna Bo Leila Marek Tess Kofi Elif Nils Rosa " +
		"Sami Vera Ivo Juno Malik Greta Pavel Zara Luca Anya Dario Freya Idris Katja Milo Nadia"
	demoTeam = "Omar Mira Theo Sofia"
)

// demoOthers are they, as accounts of the playground.
func demoOthers() []playground.Person {
	var out []playground.Person
	for _, name := range strings.Fields(demoCustomers) {
		out = append(out, playground.Person{Account: strings.ToLower(name), Name: name, Title: "Customer", Zone: "Europe/Berlin", Guest: true})
	}
	for _, name := range strings.Fields(demoTeam) {
		out = append(out, playground.Person{Account: strings.ToLower(name), Name: name, Title: "Acme", Zone: "Europe/Berlin"})
	}
	return out
}
