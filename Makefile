# Short names for what is done often. All of it is ./mvnw or a script; nothing is decided here.

.PHONY: build man test lint format bench bench-micro bench-serve dist clean

build:
	./bin/build-dist.sh

man:
	./bin/build-man.sh

test:
	./mvnw -B -ntp verify

lint:
	./mvnw -B -ntp -q spotless:check test-compile

format:
	./mvnw -B -ntp -q spotless:apply

bench:
	./bench/run.sh

bench-micro:
	./bench/micro.sh

bench-serve:
	./bench/serve/run.sh

dist:
	./bin/make-dist.sh

clean:
	./mvnw -B -ntp -q clean
