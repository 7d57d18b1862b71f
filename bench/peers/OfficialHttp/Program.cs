using System.Globalization;
using Peregrine.Bench.Official;
using Peregrine.Bench.OfficialHttp;

if (args is not (["--urls", _] or ["--urls", _, "--tools", _]))
{
    Console.Error.WriteLine("usage: OfficialHttp --urls URL [--tools N]");
    return 2;
}

int numberedTools = args.Length == 4 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 0;
var endpoint = new McpEndpoint(OfficialTools.CreateOptions("official-http", numberedTools));

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(args[1]);
WebApplication app = builder.Build();
app.MapPost("/mcp", (RequestDelegate)endpoint.HandlePostAsync);
await app.RunAsync();
return 0;
