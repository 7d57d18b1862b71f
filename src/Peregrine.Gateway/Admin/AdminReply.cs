using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Monitoring;

namespace Peregrine.Gateway.Admin;

/// <summary>Sends what the admin API answers. No state.</summary>
internal static class AdminReply
{
    /// <summary>Sends an object.</summary>
    internal static Task SendAsync(HttpContext context, Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        context.Response.StatusCode = status;
        return MonitoringReply.SendAsync(context, MonitoringReply.Json, buffer.WrittenMemory);
    }

    /// <summary>Sends what is wrong: <c>{"error":"…"}</c>.</summary>
    internal static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return SendAsync(context, json => json.WriteString("error", sentence), status);
    }
}
