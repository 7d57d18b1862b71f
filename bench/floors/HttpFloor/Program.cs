using Peregrine.Bench.Floors;
using Peregrine.Bench.Floors.Http;

if (args is not ["--urls", _, "--variant", "write" or "span", "--reply" or "--size", _])
{
    Console.Error.WriteLine($"usage: HttpFloor --urls URL --variant write|span (--reply 'JSON with {ReplyTemplate.IdPlaceholder} in the place of the id' | --size BYTES)");
    return 2;
}

ReplyTemplate reply = args[4] == "--reply"
    ? ReplyTemplate.Parse(args[5])
    : ReplyTemplate.OfSize(int.Parse(args[5], System.Globalization.CultureInfo.InvariantCulture));
var endpoint = new FloorEndpoint(reply);

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(args[1]);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
WebApplication app = builder.Build();
app.Run(args[3] == "write" ? endpoint.WriteAsync : endpoint.SpanAsync);
await app.RunAsync();
return 0;
