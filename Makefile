# Everything goes through four targets; README.md says what each is for.
.PHONY: build run test bench dashboard clean

build: dashboard
	packaging/publish.sh out

dashboard:
	packaging/dashboard.sh

run: build
	packaging/run-demo.sh

test:
	tests/run.sh

bench: build
	tests/bench.sh

clean:
	rm -rf artifacts out dashboard/dist
