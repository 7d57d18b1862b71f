using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Peregrine.Gateway.Dashboard;

/// <summary>The gateway's page: one HTML file without anything from elsewhere. Its policy allows its own script and style by their hashes, and nothing else.</summary>
internal static class DashboardPage
{
    private static readonly byte[] Html = Load();
    private static readonly string Policy = "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + $"script-src '{HashOf("script")}'; style-src '{HashOf("style")}'";

    internal static Task SendAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = Html.Length;
        response.Headers.CacheControl = "no-cache";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(Html, context.RequestAborted).AsTask();
    }

    private static byte[] Load()
    {
        using var stream = typeof(DashboardPage).Assembly.GetManifestResourceStream("Peregrine.Gateway.Dashboard.dashboard.html")!;
        var html = new byte[stream.Length];
        stream.ReadExactly(html);
        return html;
    }

    // CSP 3, 8.4: the hash is over the text between the tags, to the byte.
    private static string HashOf(string element)
    {
        var html = Encoding.UTF8.GetString(Html);
        var start = html.IndexOf($"<{element}>", StringComparison.Ordinal) + element.Length + 2;
        var end = html.IndexOf($"</{element}>", start, StringComparison.Ordinal);
        return "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(html[start..end])));
    }
}
