using System.Globalization;
using Peregrine.Server;
using Peregrine.Server.Completion;
using Peregrine.Server.Content;
using Peregrine.Server.Resources;

namespace Peregrine.Cli.Serving;

/// <summary>The resources of the sample server: a text, bytes, and a family.</summary>
internal static class SampleResources
{
    internal const string NumberTemplate = "sample://fibonacci/{n}";

    private const string Welcome = """
        # Peregrine's sample server

        Its tools do one thing each: `echo`, `add`, `fibonacci`, `sleep`, `block`, `fail`, `stream`, `generate`.
        Read `sample://fibonacci/30` for a number, or ask for the prompt `explain`.
        """;

    // As an array: the list that the compiler makes for an interface would have to be compiled at every start.
    private static readonly McpRole[] BothRoles = [McpRole.User, McpRole.Assistant];

    /// <summary>The welcome text, as a resource and for prompts that embed it.</summary>
    internal static McpResourceDefinition WelcomeDefinition { get; } = new()
    {
        Uri = "sample://welcome",
        Name = "welcome",
        Title = "Welcome",
        Description = "What the sample server offers.",
        MimeType = "text/markdown",
        Annotations = new McpAnnotations { Audience = BothRoles, Priority = 0.5 },
        TimeToLive = TimeSpan.FromHours(1),
        CacheScope = McpCacheScope.Public,
    };

    /// <summary>A picture of one pixel, PNG.</summary>
    internal static ReadOnlyMemory<byte> Pixel { get; } =
        Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");

    internal static McpResourceContents WelcomeContents => McpResourceContents.FromText(WelcomeDefinition.Uri, Welcome, WelcomeDefinition.MimeType);

    internal static PeregrineServerBuilder AddSampleResources(this PeregrineServerBuilder builder) => builder
        .AddResource(WelcomeDefinition, Welcome)
        .AddResource(new McpResourceDefinition
        {
            Uri = "sample://pixel",
            Name = "pixel",
            Title = "Pixel",
            Description = "A picture of one pixel.",
            MimeType = "image/png",
            TimeToLive = TimeSpan.FromHours(1),
            CacheScope = McpCacheScope.Public,
        }, Pixel)
        .AddResourceTemplate(new McpResourceTemplateDefinition
        {
            UriTemplate = NumberTemplate,
            Name = "fibonacci",
            Title = "Fibonacci numbers",
            Description = "A Fibonacci number: n is 0 to 92.",
            MimeType = "application/json",
            TimeToLive = TimeSpan.FromHours(1),
            CacheScope = McpCacheScope.Public,
        }, static (request, _) => new(ReadNumber(request)))
        .AddResourceCompletion(NumberTemplate, "n", static (request, _) => new(McpCompletionResult.FromPrefix(Numbers, request.Value)));

    private static IEnumerable<string> Numbers => Enumerable.Range(0, 93).Select(static n => n.ToString(CultureInfo.InvariantCulture));

    private static McpResourceResult ReadNumber(McpResourceRequest request) =>
        int.TryParse(request["n"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= 92
            ? McpResourceResult.From(McpResourceContents.FromText(request.Uri, string.Create(CultureInfo.InvariantCulture, $"{{\"n\":{n},\"value\":{SampleTools.Fibonacci(n)}}}"), "application/json"))
            : McpResourceResult.NotFound;
}
