drop table dfworx.mailed_notices, dfworx.concern_replies;
