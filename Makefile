# Few targets over Meson and Ninja. `make run` and `make test` are all one needs.
BUILD ?= build
LISTEN ?= 127.0.0.1:8080
DATA ?= var/shop

.PHONY: all deps run test bench lighthouse lint fuzz po clean

all: deps
	@test -f $(BUILD)/build.ninja || { echo "Building in $(BUILD): a minute or two, once"; meson setup $(BUILD) --buildtype=release >/dev/null; }
	@ninja -C $(BUILD) src/cli/colophon >/dev/null || ninja -C $(BUILD) src/cli/colophon
	@echo "$(BUILD)/colophon"

# Installs what is missing, and says so.
deps:
	@tools/deps

# A shop with two storefronts and the sample catalogue.
run: all
	@tools/run $(BUILD)/colophon $(DATA) $(LISTEN)

# Unit tests, corpora, the black box, the browser.
test:
	@COLOPHON_DEPS=$${COLOPHON_DEPS:-test} tools/deps
	@tools/test $(BUILD)

# Figures beside yardsticks: make bench BENCH="import pages --products 10000"
bench: all
	@COLOPHON_DEPS=bench tools/deps
	@ninja -C $(BUILD) tests/bench/search_bare tests/bench/fill_voices tests/bench/make_readers tests/bench/mhd_bare tests/bench/sign_bare >/dev/null
	@tools/bench $(BUILD)/colophon $(BENCH)

# Of a shop that is being served: make lighthouse URL=http://127.0.0.1:8080
URL ?= http://$(LISTEN)
lighthouse:
	@COLOPHON_DEPS=test tools/deps
	@tests/lighthouse/run $(URL)

lint: deps
	@tools/lint

# Each fuzzer for FUZZ_SECONDS (30), from its corpus on.
fuzz: deps
	@tools/fuzz

# New texts into the catalogues.
po:
	@python3 tools/catalogues.py collect po/colophon.pot src/web/templates/*.html src/web/*.c
	@for po in po/*.po; do msgmerge --quiet --update --backup=none --no-fuzzy-matching --no-wrap --add-location=file $$po po/colophon.pot; msgfmt --statistics -o /dev/null $$po; done

clean:
	rm -rf $(BUILD) $(BUILD)-* var
