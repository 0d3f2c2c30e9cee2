package main

import (
	"fmt"
	"path/filepath"
	"sort"

	"github.com/BurntSushi/toml"
)

// Scenario is a contract file as the Debug Panel shows it. The scenario runner reads the same
// files; keys that only it needs are passed through untouched.
type Scenario map[string]any

func readScenarios(folder string) ([]Scenario, error) {
	paths, err := filepath.Glob(folder + "/*.toml")
	if err != nil {
		return nil, fmt.Errorf("listing scenarios: %w", err)
	}
	sort.Strings(paths)
	scenarios := []Scenario{}
	for _, path := range paths {
		scenario := Scenario{}
		if _, err := toml.DecodeFile(path, &scenario); err != nil {
			return nil, fmt.Errorf("reading %s: %w", path, err)
		}
		scenarios = append(scenarios, scenario)
	}
	return scenarios, nil
}
