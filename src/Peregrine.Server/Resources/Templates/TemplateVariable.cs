namespace Peregrine.Server.Resources.Templates;

/// <summary>One variable of a template.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Separator">What stands between the elements of a list (<c>{x*}</c>); 0 where the variable is a single text.</param>
internal sealed record TemplateVariable(string Name, byte Separator)
{
    internal bool IsList => Separator != 0;
}
