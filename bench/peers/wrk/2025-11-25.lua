-- wrk -s 2025-11-25.lua URL -- BODY_FILE
-- The headers of a client of 2025-11-25 that has no session.
local here = debug.getinfo(1, 'S').source:match('^@(.*)[^/]*$'):gsub('[^/]*$', '')
dofile(here .. 'report.lua')

function init(args)
  local file = assert(io.open(args[1], 'rb'))
  wrk.method = 'POST'
  wrk.body = file:read('*a')
  file:close()
  wrk.headers['Content-Type'] = 'application/json'
  wrk.headers['Accept'] = 'application/json, text/event-stream'
  wrk.headers['MCP-Protocol-Version'] = '2025-11-25'
end
