namespace Peregrine.Generators.Tests.Porting;

/// <summary>Tools, prompts and resources of the kinds that the samples and guides of the official SDK show, written anew from what its documentation says they do.</summary>
internal static class OfficialSamples
{
    internal const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.ComponentModel;
        using System.Linq;
        using System.Net.Http;
        using System.Text.Json;
        using System.Threading;
        using System.Threading.Tasks;
        using ModelContextProtocol;
        using ModelContextProtocol.Protocol;
        using ModelContextProtocol.Server;
        using Microsoft.Extensions.AI;

        """;

    internal static IReadOnlyList<(string Name, string Source)> All { get; } =
    [
        ("Echo, static", """
            [McpServerToolType]
            public static class EchoTool
            {
                [McpServerTool, Description("Says again what it is told.")]
                public static string Echo(string message) => $"hello {message}";

                [McpServerTool(Name = "reverse"), Description("Says it backwards.")]
                public static string ReverseEcho([Description("What to say.")] string message) => new([.. message.Reverse()]);
            }
            """),
        ("Add", """
            [McpServerToolType]
            public class AddTool
            {
                [McpServerTool(Name = "add"), Description("Adds two numbers.")]
                public static string Add(int a, int b) => $"The sum of {a} and {b} is {a + b}";
            }
            """),
        ("Weather with an HttpClient parameter", """
            [McpServerToolType]
            public sealed class WeatherTools
            {
                [McpServerTool, Description("Alerts for a state.")]
                public static async Task<string> GetAlerts(HttpClient client, [Description("The state, two letters.")] string state)
                {
                    using var answer = await JsonDocument.ParseAsync(await client.GetStreamAsync($"/alerts/active/area/{state}"));
                    return string.Join("\n--\n", answer.RootElement.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties").GetProperty("headline").GetString()));
                }

                [McpServerTool, Description("Forecast for a place.")]
                public static async Task<string> GetForecast(HttpClient client, double latitude, double longitude) =>
                    await client.GetStringAsync($"/points/{latitude},{longitude}");
            }
            """),
        ("Weather with a factory in the constructor", """
            public interface IClients { HttpClient CreateClient(string name); }

            [McpServerToolType]
            public sealed class FactoryWeatherTools
            {
                private readonly IClients _clients;

                public FactoryWeatherTools(IClients clients) => _clients = clients;

                [McpServerTool(Title = "Forecast", ReadOnly = true, Idempotent = true, OpenWorld = true), Description("Forecast for a place.")]
                public async Task<string> GetForecast(double latitude, double longitude, CancellationToken cancellationToken) =>
                    await _clients.CreateClient("weather").GetStringAsync($"/points/{latitude},{longitude}", cancellationToken);
            }
            """),
        ("Structured result", """
            public record Forecast(string Place, DateTimeOffset From, double Temperature, Sky Sky, IReadOnlyList<Hour> Hours);
            public record Hour(int At, double Temperature);
            public enum Sky { Clear, Clouded }

            [McpServerToolType]
            public class ForecastTools
            {
                [McpServerTool(UseStructuredContent = true), Description("Forecast as data.")]
                public static Forecast GetForecast(string place, DateTimeOffset? from = null) => new(place, from ?? default, 20, Sky.Clear, [new(1, 19.5)]);
            }
            """),
        ("Environment", """
            [McpServerToolType]
            public class PrintEnvTool
            {
                [McpServerTool(Name = "printEnv"), Description("Prints the environment.")]
                public static string PrintEnv() => JsonSerializer.Serialize(Environment.GetEnvironmentVariables().Count);
            }
            """),
        ("Clock and calculator", """
            [McpServerToolType]
            public sealed class ClockTool
            {
                [McpServerTool, Description("The time now.")]
                public static string GetTime() => DateTime.UtcNow.ToString("HH:mm:ss");

                [McpServerTool, Description("The time in a zone.")]
                public static string ConvertTime([Description("The time.")] TimeOnly time, [Description("The zone.")] string zone = "UTC") => $"{time} {zone}";
            }

            [McpServerToolType]
            public sealed class CalculatorTool
            {
                [McpServerTool, Description("Calculates.")]
                public static string Calculate([Description("What to do.")] char operation, decimal left, decimal right) => operation == '+' ? $"{left + right}" : "?";
            }
            """),
        ("Long run with progress by IProgress", """
            [McpServerToolType]
            public sealed class ProgressTools
            {
                [McpServerTool, Description("Takes its time.")]
                public static async Task<string> LongRunning(IProgress<ProgressNotificationValue> progress, int steps = 5, CancellationToken cancellationToken = default)
                {
                    for (var i = 0; i < steps; i++)
                    {
                        await Task.Delay(100, cancellationToken);
                        progress.Report(new ProgressNotificationValue { Progress = i, Total = steps });
                    }

                    return "done";
                }
            }
            """),
        ("Long run with progress by the server", """
            [McpServerToolType]
            public class LongRunningTool
            {
                [McpServerTool(Name = "longRunningOperation"), Description("Takes its time and tells of it.")]
                public static async Task<string> LongRunningOperation(McpServer server, RequestContext<CallToolRequestParams> context, int duration = 10, int steps = 5)
                {
                    await Task.Delay(duration);
                    return $"{steps} steps";
                }
            }
            """),
        ("Sampling", """
            [McpServerToolType]
            public sealed class SampleLlmTool
            {
                [McpServerTool(Name = "sampleLLM"), Description("Asks the client's model.")]
                public static async Task<string> SampleLLM(McpServer thisServer, [Description("What to ask.")] string prompt, [Description("How much.")] int maxTokens, CancellationToken cancellationToken)
                {
                    await Task.Yield();
                    return prompt;
                }
            }
            """),
        ("Elicitation", """
            [McpServerToolType]
            public sealed class InteractiveTools
            {
                [McpServerTool, Description("A game.")]
                public async Task<string> GuessTheNumber(McpServer server, CancellationToken token)
                {
                    await Task.Yield();
                    return "won";
                }
            }
            """),
        ("Annotated blocks", """
            public enum MessageType { Error, Success }

            [McpServerToolType]
            public class AnnotatedMessageTool
            {
                [McpServerTool(Name = "annotatedMessage"), Description("Blocks with annotations.")]
                public static IEnumerable<ContentBlock> AnnotatedMessage(MessageType messageType, bool includeImage = true) => [];
            }
            """),
        ("Tiny image", """
            [McpServerToolType]
            public class TinyImageTool
            {
                [McpServerTool(Name = "getTinyImage"), Description("An image.")]
                public static IEnumerable<AIContent> GetTinyImage() => [new TextContent("An image:")];
            }
            """),
        ("Result made by hand", """
            [McpServerToolType]
            public class ResultTool
            {
                [McpServerTool, Description("May fail.")]
                public static CallToolResult Try(bool fail) => new() { IsError = fail };
            }
            """),
        ("Simple prompt", """
            [McpServerPromptType]
            public class SimplePromptType
            {
                [McpServerPrompt(Name = "simple_prompt"), Description("Takes nothing.")]
                public static string SimplePrompt() => "This is simple.";

                [McpServerPrompt, Description("Takes a tone.")]
                public static string Summarize([Description("What.")] string content, int words = 100) => $"{content} in {words} words";
            }
            """),
        ("Complex prompt", """
            [McpServerPromptType]
            public class ComplexPromptType
            {
                [McpServerPrompt(Name = "complex_prompt"), Description("Takes arguments.")]
                public static IEnumerable<ChatMessage> ComplexPrompt([Description("How warm.")] string temperature, string? style = null) => [new ChatMessage(ChatRole.User, temperature)];
            }
            """),
        ("Direct resource", """
            [McpServerResourceType]
            public class SimpleResourceType
            {
                [McpServerResource(UriTemplate = "test://direct/text/resource", Name = "Direct Text Resource", MimeType = "text/plain"), Description("A text.")]
                public static string DirectTextResource() => "This is a direct resource";

                [McpServerResource(UriTemplate = "test://numbered/{id}", Name = "Numbered"), Description("A text with a number.")]
                public static string Numbered(int id) => $"Number {id}";
            }
            """),
        ("Resource contents", """
            [McpServerResourceType]
            public class TemplateResourceType
            {
                [McpServerResource(UriTemplate = "test://template/resource/{id}", Name = "Template"), Description("Contents with a number.")]
                public static ResourceContents TemplateResource(RequestContext<ReadResourceRequestParams> requestContext, int id) =>
                    new TextResourceContents { Uri = requestContext.Params!.Uri, Text = $"{id}" };
            }
            """),
    ];
}
