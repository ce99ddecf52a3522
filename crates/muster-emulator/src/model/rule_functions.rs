//! The functions that can stand in a group rule's expression.

use serde_json::Value;

use super::{groups::Groups, user::User};

macro_rules! functions {
    ($($function:ident $name:literal $least:literal $most:expr;)*) => {
        /// A function.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Function { $($function,)* }

        impl Function {
            /// The function of a name.
            pub fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$function),)* _ => None }
            }

            /// How many arguments it takes, at least and at most.
            fn arity(self) -> (usize, usize) {
                match self { $(Self::$function => ($least, $most),)* }
            }
        }
    };
}

functions! {
    Contains "String.stringContains" 2 2;
    StartsWith "String.startsWith" 2 2;
    UpperCase "String.toUpperCase" 1 1;
    LowerCase "String.toLowerCase" 1 1;
    Length "String.len" 1 1;
    Append "String.append" 2 2;
    SubstringBefore "String.substringBefore" 2 2;
    SubstringAfter "String.substringAfter" 2 2;
    RemoveSpaces "String.removeSpaces" 1 1;
    ArrayContains "Arrays.contains" 2 2;
    ArrayIsEmpty "Arrays.isEmpty" 1 1;
    ArraySize "Arrays.size" 1 1;
    MemberOfGroup "isMemberOfGroup" 1 1;
    MemberOfAny "isMemberOfAnyGroup" 1 usize::MAX;
    MemberOfName "isMemberOfGroupName" 1 1;
    MemberOfNameStart "isMemberOfGroupNameStartsWith" 1 1;
    MemberOfNamePart "isMemberOfGroupNameContains" 1 1;
}

impl Function {
    /// Whether it can be true or false.
    pub fn is_truth(self) -> bool {
        !matches!(
            self,
            Self::UpperCase
                | Self::LowerCase
                | Self::Length
                | Self::Append
                | Self::SubstringBefore
                | Self::SubstringAfter
                | Self::RemoveSpaces
                | Self::ArraySize
        )
    }

    /// Refuses a wrong number of arguments.
    pub fn check(self, name: &str, given: usize) -> Result<(), String> {
        let (least, most) = self.arity();
        if (least..=most).contains(&given) {
            Ok(())
        } else {
            Err(format!("{name} can't take {given} arguments"))
        }
    }

    /// What it makes of values. Nothing is made of what is not set.
    pub fn value(self, values: &[Value], user: &User, groups: &Groups) -> Value {
        let first = values.first().unwrap_or(&Value::Null);
        let second = values.get(1).unwrap_or(&Value::Null);
        match self {
            Self::ArrayContains => first.as_array().is_some_and(|elements| elements.contains(second)).into(),
            Self::ArrayIsEmpty => first.as_array().is_none_or(Vec::is_empty).into(),
            Self::ArraySize => first.as_array().map_or(0, Vec::len).into(),
            Self::MemberOfGroup | Self::MemberOfAny => {
                groups.of_user(user.ordinal).any(|group| values.iter().any(|id| *id == group.id)).into()
            }
            Self::MemberOfName | Self::MemberOfNameStart | Self::MemberOfNamePart => {
                let wanted = first.as_str().unwrap_or_default();
                groups.of_user(user.ordinal).any(|group| self.names(&group.name, wanted)).into()
            }
            _ => first.as_str().map_or(Value::Null, |text| self.of_text(text, second.as_str())),
        }
    }

    fn names(self, name: &str, wanted: &str) -> bool {
        match self {
            Self::MemberOfNameStart => name.starts_with(wanted),
            Self::MemberOfNamePart => name.contains(wanted),
            _ => name == wanted,
        }
    }

    fn of_text(self, text: &str, other: Option<&str>) -> Value {
        let other = other.unwrap_or_default();
        let part = |split: Option<(&str, &str)>| match (self, split) {
            (Self::SubstringBefore, Some((before, _))) => Value::from(before),
            (Self::SubstringAfter, Some((_, after))) => Value::from(after),
            _ => Value::from(text),
        };
        match self {
            Self::Contains => text.contains(other).into(),
            Self::StartsWith => text.starts_with(other).into(),
            Self::UpperCase => text.to_uppercase().into(),
            Self::LowerCase => text.to_lowercase().into(),
            Self::Length => text.chars().count().into(),
            Self::Append => format!("{text}{other}").into(),
            Self::RemoveSpaces => text.split_whitespace().collect::<String>().into(),
            _ => part(text.split_once(other)),
        }
    }
}
