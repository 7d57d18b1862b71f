namespace Peregrine.Server.AspNetCore.Tests.Hosting;

internal sealed record Greeting(string Text);
