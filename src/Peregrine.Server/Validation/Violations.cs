using System.Globalization;
using System.Text;
using Peregrine.JsonSchema;

namespace Peregrine.Server.Validation;

/// <summary>Puts violations into words for the model that made the call.</summary>
internal static class Violations
{
    /// <summary>All violations of a call's arguments.</summary>
    internal static string Describe(string tool, ValidationResult result) => List($"The arguments of \"{tool}\" are not valid:", result);

    /// <summary>All violations behind the first, which the binder has named.</summary>
    /// <returns><paramref name="first"/> alone where the schema has no more to say.</returns>
    internal static string DescribeBehind(string first, ValidationResult result) =>
        result.Errors switch
        {
            // One violation of a named argument: the binder has said the same.
            [] => first,
            [var only] when only.InstanceLocation.LastIndexOf('/') <= 0 => first,
            _ => List(first + " All violations:", result),
        };

    private static string List(string head, ValidationResult result)
    {
        var text = new StringBuilder(head);
        foreach (var error in result.Errors)
        {
            text.Append("\n- ").Append(error);
        }

        return result.IsTruncated ? text.Append(CultureInfo.InvariantCulture, $"\n- and more; these are the first {result.Errors.Count}").ToString() : text.ToString();
    }
}
