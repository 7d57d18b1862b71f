using System.Text;
using System.Text.Json;
using Peregrine.Client;

namespace Peregrine.Conformance.Client;

/// <summary>What each scenario wants a client to do.</summary>
internal static class Scenarios
{
    internal static Task RunAsync(PeregrineClient client, string scenario, string? context) => scenario switch
    {
        "tools_call" => CallListedAsync(client, "add_numbers", """{"a":5,"b":3}"""),
        "elicitation-sep1034-client-defaults" => CallListedAsync(client, "test_client_elicitation_defaults", "{}"),
        "sse-retry" => CallListedAsync(client, "test_reconnection", "{}"),
        "http-standard-headers" => UseEverythingAsync(client),
        "http-custom-headers" => CallFromContextAsync(client, context),
        "http-invalid-tool-headers" => CallAllListedAsync(client),
        "sep-2322-client-request-state" => CallInTurnAsync(client, "test_mrtr_echo_state", "test_mrtr_unrelated", "test_mrtr_no_state", "test_mrtr_no_result_type"),
        "json-schema-2020-12-preservation" => EchoSchemaAsync(client),

        // initialize, request-metadata, json-schema-ref-no-deref
        _ => client.ListToolsAsync().AsTask(),
    };

    private static async Task CallListedAsync(PeregrineClient client, string tool, string arguments)
    {
        await client.ListToolsAsync();
        await CallAsync(client, tool, Encoding.UTF8.GetBytes(arguments));
    }

    private static async Task CallInTurnAsync(PeregrineClient client, params string[] tools)
    {
        await client.ListToolsAsync();
        foreach (var tool in tools)
        {
            await CallAsync(client, tool, default);
        }
    }

    // Those that must not be called are not in the list.
    private static async Task CallAllListedAsync(PeregrineClient client)
    {
        foreach (var tool in await client.ListToolsAsync())
        {
            await CallAsync(client, tool.Name, "{\"region\":\"eu\"}"u8.ToArray());
        }
    }

    private static async Task UseEverythingAsync(PeregrineClient client)
    {
        foreach (var tool in await client.ListToolsAsync())
        {
            await CallAsync(client, tool.Name, default);
        }

        foreach (var resource in await client.ListResourcesAsync())
        {
            (await client.ReadResourceAsync(resource.Uri)).Dispose();
        }

        foreach (var prompt in await client.ListPromptsAsync())
        {
            (await client.GetPromptAsync(prompt.Name)).Dispose();
        }
    }

    private static async Task CallFromContextAsync(PeregrineClient client, string? context)
    {
        await client.ListToolsAsync();
        using var document = JsonDocument.Parse(context ?? "{}");
        foreach (var call in document.RootElement.GetProperty("toolCalls").EnumerateArray())
        {
            var arguments = call.TryGetProperty("arguments", out var given) ? given.GetRawText() : "{}";
            await CallAsync(client, call.GetProperty("name").GetString()!, Encoding.UTF8.GetBytes(arguments));
        }
    }

    private static async Task EchoSchemaAsync(PeregrineClient client)
    {
        var tools = await client.ListToolsAsync();
        var schema = tools.First(static tool => tool.Name == "json_schema_2020_12_tool").InputSchema;
        await CallAsync(client, "json_schema_echo", (byte[])[.. "{\"schema\":"u8, .. schema.Span, (byte)'}']);
    }

    private static async Task CallAsync(PeregrineClient client, string tool, ReadOnlyMemory<byte> arguments)
    {
        using var result = await client.CallToolAsync(tool, arguments);
        await Console.Error.WriteLineAsync($"{tool}: {(result.IsError ? "failed: " : "")}{result.GetText()}");
    }
}
