// Package adaptertest is the one contract that every chat adapter passes.
//
// An adapter brings a Chat: its platform, or a fake of it, with Heed's real core
// and a database behind it, and the verbs of the people in it. Run then has these
// people do what people do, and looks at what they see.
package adaptertest
