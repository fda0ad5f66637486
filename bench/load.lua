-- wrk's part: the same signed body under a delivery id of its own each time. The request is put
-- together by hand, since wrk.format costs as much as the server does, on a machine that both share.
local file = io.open(os.getenv("BENCH_BODY"), "rb")
local body = file:read("*a")
file:close()

local threads = 0
function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

local count, before, after = 0, nil, nil
function init(args)
  before = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.host
    .. "\r\nContent-Type: application/json\r\nX-GitHub-Event: push\r\nX-Hub-Signature-256: "
    .. os.getenv("BENCH_SIGNATURE") .. "\r\nX-GitHub-Delivery: " .. os.getenv("BENCH_RUN") .. "-" .. id .. "-"
  after = "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end

function request()
  count = count + 1
  return before .. count .. after
end
