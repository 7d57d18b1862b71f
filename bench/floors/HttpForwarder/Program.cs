using Peregrine.Bench.Floors.Forwarding;

if (args is not ["--urls", _, "--to", _] || !Uri.TryCreate(args[3], UriKind.Absolute, out Uri? upstream))
{
    Console.Error.WriteLine("usage: HttpForwarder --urls URL --to URL   (every request goes to the path of the first below the second)");
    return 2;
}

using var endpoint = new ForwardingEndpoint(upstream);
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(args[1]);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
WebApplication app = builder.Build();
app.Run(endpoint.ForwardAsync);
await app.RunAsync();
return 0;
