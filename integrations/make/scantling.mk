# Scantling in a Makefile: "include scantling.mk", and say how image.tar is made. docs/howto/ci-integrations.md.
#   make scan             what the image brings against the baseline .scantling/main.baseline.json, when there is one
#   make scan-baseline    keeps what there is as that baseline
#   make scan-files       reads the policy and the exceptions file
# In one line, without this file:
#   scan: image.tar ; scantling ci docker-archive:$< --against main
# Names begin with SCAN_, for the program reads variables that begin with SCANTLING_ as its settings.
SCAN_PROGRAM ?= scantling
SCAN_ARCHIVE ?= image.tar
SCAN_SOURCE ?= docker-archive:$(SCAN_ARCHIVE)
SCAN_BASELINES ?= .scantling
SCAN_RESULTS ?= scantling-results
SCAN_POLICY ?= $(wildcard policy.yaml)
SCAN_EXCEPTIONS ?= $(wildcard exceptions.yaml)
SCAN_DOCKERFILE ?= $(wildcard Dockerfile)
SCAN_ARGUMENTS ?=

SCAN_SETTINGS = --baselines '$(SCAN_BASELINES)' \
  $(if $(SCAN_POLICY),--policy '$(SCAN_POLICY)') \
  $(if $(SCAN_EXCEPTIONS),--exceptions '$(SCAN_EXCEPTIONS)') \
  $(if $(SCAN_DOCKERFILE),--dockerfile '$(SCAN_DOCKERFILE)') \
  $(if $(wildcard $(SCAN_BASELINES)/main.baseline.json),--against main) \
  $(SCAN_ARGUMENTS)

.PHONY: scan scan-baseline scan-files
scan: $(SCAN_ARCHIVE)
	@mkdir -p '$(SCAN_RESULTS)'
	$(SCAN_PROGRAM) ci '$(SCAN_SOURCE)' $(SCAN_SETTINGS) -o html='$(SCAN_RESULTS)/report.html' -o sarif='$(SCAN_RESULTS)/report.sarif'

scan-baseline: $(SCAN_ARCHIVE)
	$(SCAN_PROGRAM) ci '$(SCAN_SOURCE)' $(SCAN_SETTINGS) --save-baseline main

scan-files:
	$(if $(SCAN_POLICY),$(SCAN_PROGRAM) policy check '$(SCAN_POLICY)')
	$(if $(SCAN_EXCEPTIONS),$(SCAN_PROGRAM) exceptions check '$(SCAN_EXCEPTIONS)')
