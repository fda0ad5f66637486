-- wrk's part: the same signed body under a delivery id of its own each time.
local file = io.open(os.getenv("BENCH_BODY"), "rb")
wrk.method = "POST"
wrk.body = file:read("*a")
file:close()
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-GitHub-Event"] = "push"
wrk.headers["X-Hub-Signature-256"] = os.getenv("BENCH_SIGNATURE")

local threads = 0
function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

local count = 0
function request()
  count = count + 1
  wrk.headers["X-GitHub-Delivery"] = os.getenv("BENCH_RUN") .. "-" .. id .. "-" .. count
  return wrk.format()
end
