using System.CommandLine;
using Microsoft.AspNetCore.Http;

namespace Peregrine.Cli.Running;

/// <summary>The option that says where to listen.</summary>
internal static class ListeningUrls
{
    internal static Option<string?> Option(string description)
    {
        var option = new Option<string?>("--urls") { Description = description };
        option.Validators.Add(static result =>
        {
            foreach (var url in result.Tokens.SelectMany(static token => token.Value.Split(';')).Where(static url => !IsAddress(url)))
            {
                result.AddError($"--urls takes addresses such as http://127.0.0.1:8808, with semicolons between them; found \"{url}\".");
            }
        });
        return option;
    }

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme.ToLowerInvariant() is "http" or "https" && address.Port is >= 0 and <= 65535;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
