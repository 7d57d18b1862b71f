using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Peregrine.Bench.OfficialHttp;

/// <summary>
/// A stateless endpoint of ours over the SDK's public <see cref="StreamableHttpServerTransport"/>, wired as its own ASP.NET Core package wires it: a server
/// for each request, SSE replies. The options are shared by all requests, where that package builds them anew, and its checks of headers are left out:
/// what is measured is at least as fast as that package.
/// </summary>
internal sealed class McpEndpoint(McpServerOptions options)
{
    private const string VersionHeader = "MCP-Protocol-Version";
    private const string StatelessVersion = "2026-07-28";

    private static readonly JsonTypeInfo<JsonRpcMessage> s_messageType =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private static readonly JsonTypeInfo<JsonRpcError> s_errorType =
        (JsonTypeInfo<JsonRpcError>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcError));

    public async Task HandlePostAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        if (await ReadMessageAsync(context) is not { } message)
        {
            await RefuseAsync(context, McpErrorCode.InvalidRequest, "The body is not one JSON-RPC message.");
            return;
        }

        string version = context.Request.Headers[VersionHeader].ToString();
        if (version.Length > 0)
            (message.Context ??= new JsonRpcMessageContext()).ProtocolVersion = version;

        var transport = new StreamableHttpServerTransport(NullLoggerFactory.Instance) { Stateless = true };
        await using McpServer server = McpServer.Create(transport, options, NullLoggerFactory.Instance, context.RequestServices);
        Task running = server.RunAsync(context.RequestAborted);
        try
        {
            SetSseHeaders(context);
            // In the stateless era the status follows from the reply; the older one answers every request with 200.
            Func<JsonRpcMessage?, ValueTask>? onResponseStarting = version == StatelessVersion ? first => SetStatus(context, first) : null;
            if (!await transport.HandlePostRequestAsync(message, context.Response.Body, onResponseStarting, context.RequestAborted))
            {
                context.Response.Headers.ContentType = (string?)null;
                context.Response.StatusCode = StatusCodes.Status202Accepted;
            }
        }
        finally
        {
            // The transport first: the server's loop then ends by itself. Cancelling it would throw once for each request.
            await transport.DisposeAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async ValueTask<JsonRpcMessage?> ReadMessageAsync(HttpContext context)
    {
        try
        {
            return await context.Request.ReadFromJsonAsync(s_messageType, context.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void SetSseHeaders(HttpContext context)
    {
        context.Response.Headers.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache,no-store";
        context.Response.Headers.ContentEncoding = "identity";
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
    }

    private static ValueTask SetStatus(HttpContext context, JsonRpcMessage? first)
    {
        if (first is JsonRpcError error && !context.Response.HasStarted)
        {
            context.Response.StatusCode = (McpErrorCode)error.Error.Code switch
            {
                McpErrorCode.MethodNotFound => StatusCodes.Status404NotFound,
                McpErrorCode.MissingRequiredClientCapability or McpErrorCode.UnsupportedProtocolVersion or McpErrorCode.HeaderMismatch => StatusCodes.Status400BadRequest,
                _ => context.Response.StatusCode,
            };
        }

        return ValueTask.CompletedTask;
    }

    private static Task RefuseAsync(HttpContext context, McpErrorCode code, string text) =>
        Results.Json(new JsonRpcError { Error = new() { Code = (int)code, Message = text } }, s_errorType, statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
}
