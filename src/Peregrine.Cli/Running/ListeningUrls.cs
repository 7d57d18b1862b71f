using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.AspNetCore.Http;

namespace Peregrine.Cli.Running;

/// <summary>The option that says where to listen.</summary>
internal static class ListeningUrls
{
    internal static Option<string?> Option(string description)
    {
        var option = new Option<string?>("--urls") { Description = description };
        option.Validators.Add(static result => Validate(result, "--urls", "http", "https"));
        return option;
    }

    internal static void Validate(OptionResult result, string option, params string[] schemes)
    {
        foreach (var url in result.Tokens.SelectMany(static token => token.Value.Split(';')).Where(url => !IsAddress(url, schemes)))
        {
            result.AddError($"{option} takes addresses such as http://127.0.0.1:8808, with semicolons between them; found \"{url}\".");
        }
    }

    private static bool IsAddress(string url, string[] schemes)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return schemes.Contains(address.Scheme, StringComparer.OrdinalIgnoreCase) && address.Port is >= 0 and <= 65535;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
