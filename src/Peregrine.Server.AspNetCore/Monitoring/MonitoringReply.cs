using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Server.AspNetCore.Security;

namespace Peregrine.Server.AspNetCore.Monitoring;

/// <summary>Maps and answers what is read with GET beside the MCP endpoint. All of it keeps web pages of other origins away.</summary>
internal static class MonitoringReply
{
    internal const string Json = "application/json";

    internal static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, string pattern, OriginGuard guard, RequestDelegate answer) =>
        endpoints.MapMethods(pattern, ["GET", "HEAD"], context =>
        {
            if (guard.Refuse(context) is not { } why)
            {
                return answer(context);
            }

            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return context.Response.WriteAsync(why, context.RequestAborted);
        });

    internal static Task SendAsync(HttpContext context, string contentType, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
