using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Peregrine.Gateway.Dashboard;

/// <summary>The gateway's page: one HTML text without anything from elsewhere. Its policy allows its own script and style by their hashes, and nothing else.</summary>
internal static class DashboardPage
{
    private static readonly string Style = Load("dashboard.css");
    private static readonly string Script = Load("dashboard.js") + Load("explorer.js") + Load("operation.js");
    private static readonly byte[] Html = Encoding.UTF8.GetBytes(Load("dashboard.html").Replace("{{style}}", Style, StringComparison.Ordinal).Replace("{{script}}", Script, StringComparison.Ordinal));

    private static readonly string Policy = "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + $"script-src '{HashOf(Script)}'; style-src '{HashOf(Style)}'";

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

    private static string Load(string name)
    {
        using var stream = typeof(DashboardPage).Assembly.GetManifestResourceStream("Peregrine.Gateway.Dashboard." + name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    // CSP 3, 8.4: the hash is over the text between the tags, to the byte.
    private static string HashOf(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
