using Microsoft.Extensions.DependencyInjection;
using Peregrine.Generators.Tests.Serving;

namespace Peregrine.Generators.Tests.Matrix;

public sealed class ServiceTests
{
    private static readonly ToolServer Server = ToolServer.Of<ServiceTools>(new Container());

    [Theory]
    [InlineData("by_interface", """{"name":"Ann"}""", "Hello Ann")]
    [InlineData("by_key", """{"name":"Ann"}""", "Special Ann")]
    [InlineData("absent", "{}", "true")]
    [InlineData("provider", "{}", "true")]
    [InlineData("progress", "{}", "progress")]
    public async Task Service_is_given(string tool, string arguments, string text) => Assert.Equal(text, await Server.TextAsync(tool, arguments));

    [Theory]
    [InlineData("by_interface", """{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}""")]
    [InlineData("absent", """{"type":"object","additionalProperties":false}""")]
    [InlineData("progress", """{"type":"object","additionalProperties":false}""")]
    public void Schema_has_no_service(string tool, string schema) => Assert.Equal(schema, Server.Schema(tool));

    [Fact]
    public async Task Progress_has_total_and_message()
    {
        var notification = Assert.Single((await Server.CallAsync("progress")).Notifications);
        Assert.Contains("\"total\":2", notification, StringComparison.Ordinal);
        Assert.Contains("\"message\":\"half\"", notification, StringComparison.Ordinal);
    }

    private sealed class Container : IKeyedServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(IGreeter) ? new Greeter("Hello") : null;

        public object? GetKeyedService(Type serviceType, object? serviceKey) => serviceType == typeof(IGreeter) && Equals(serviceKey, "special") ? new Greeter("Special") : null;

        public object GetRequiredKeyedService(Type serviceType, object? serviceKey) => GetKeyedService(serviceType, serviceKey) ?? throw new InvalidOperationException("There is no such service.");
    }

    private sealed class Greeter(string greeting) : IGreeter
    {
        public string Greet(string name) => $"{greeting} {name}";
    }
}
