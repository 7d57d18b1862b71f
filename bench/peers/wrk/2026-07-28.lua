-- wrk -s 2026-07-28.lua URL -- BODY_FILE METHOD [NAME]
-- The headers of a client of 2026-07-28: method and name are repeated outside the body.
local here = debug.getinfo(1, 'S').source:match('^@(.*)[^/]*$'):gsub('[^/]*$', '')
dofile(here .. 'report.lua')

function init(args)
  local file = assert(io.open(args[1], 'rb'))
  wrk.method = 'POST'
  wrk.body = file:read('*a')
  file:close()
  wrk.headers['Content-Type'] = 'application/json'
  wrk.headers['Accept'] = 'application/json, text/event-stream'
  wrk.headers['MCP-Protocol-Version'] = '2026-07-28'
  wrk.headers['Mcp-Method'] = args[2]
  wrk.headers['Mcp-Name'] = args[3]
end
